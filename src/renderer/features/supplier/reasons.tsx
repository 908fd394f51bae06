import type { SupplierPreview } from '../../../shared/api/supplier.ts';
import { useLocale } from '../../ui/locale.ts';
import { type GroupedReason, groupedReasons, ruleText } from './slice.ts';

const FULL_DAY_MS = 86_400_000;

/** Why a day is held, by point and channel. */
export function ReasonTable({ reasons, day }: { readonly reasons: SupplierPreview['reasons']; readonly day: string }) {
  const { t, language, time } = useLocale();
  const when = ({ from, to }: GroupedReason) => {
    if (from === null || to === null) return '';
    const length = Date.parse(to) - Date.parse(from);
    if (length >= FULL_DAY_MS) return t('supplier.wholeDay');
    return `${time.dateTime(from)}–${time.time(to)}`;
  };
  return (
    <div className="reason-list" tabIndex={0}>
      <table className="plain wide" data-testid="supplier-reasons">
        <thead>
          <tr>
            <th scope="col">{t('supplier.point')}</th>
            <th scope="col">{t('supplier.channel')}</th>
            <th scope="col">{t('supplier.time')}</th>
            <th scope="col">{t('supplier.cause')}</th>
          </tr>
        </thead>
        <tbody>
          {groupedReasons(reasons).map((reason, index) => (
            <tr key={`${day} ${index}`} title={reason.text ?? undefined}>
              <td>
                {reason.pointName} <span className="dim">{reason.pointCode}</span>
              </td>
              <td>{reason.channels.join(', ')}</td>
              <td>{when(reason)}</td>
              <td>
                {t(`supplier.reason.${reason.code}`)}
                {reason.rule === null ? null : `: ${ruleText(reason.rule, language)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
