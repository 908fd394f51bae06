import type { SystemStatus } from '../../shared/api/methods.ts';
import type { State } from '../../shared/api/values.ts';
import { receiverNames } from '../features/packages/receivers.ts';
import { createExportSettingsSlice, createPackagesSlice, PACKAGES_SHOWN } from '../features/packages/slice.ts';
import { packageStateMark } from '../features/packages/state.ts';
import { useSystem } from '../features/system/slice.ts';
import { useResource } from '../client/resource.ts';
import { completenessPercent, formatBytes } from '../ui/format.ts';
import { type Locale, useLocale } from '../ui/locale.ts';
import { StateMark } from '../ui/state-mark.tsx';
import { routeHref } from './routes.ts';

/** What must be seen from every screen: lines, last poll, yesterday's completeness, last package, disk, and the way to the server. */
export function StatusBar() {
  const locale = useLocale();
  const { t } = locale;
  const status = useSystem((state) => state.status);
  const connection = useSystem((state) => state.connection);
  return (
    <footer className="status-bar" aria-label={t('status.bar')}>
      {connection === 'up' ? null : (
        <span role="status" data-testid="connection-lost">
          <StateMark
            state={connection === 'connecting' ? 'unchecked' : 'fault'}
            label={t(connection === 'connecting' ? 'status.connecting' : 'status.down')}
          />
        </span>
      )}
      {status === null ? null : <Facts status={status} locale={locale} />}
    </footer>
  );
}

function Facts({ status, locale }: { readonly status: SystemStatus; readonly locale: Locale }) {
  const { t, numbers, time } = locale;
  const packages = useResource(createPackagesSlice, PACKAGES_SHOWN, { on: ['packages.changed'] });
  const settings = useResource(createExportSettingsSlice, {});
  const last = packages.data?.rows[0];
  const down = status.lines.filter((line) => line.state === 'fault').length;
  const lineState: State = status.lines.length === 0 ? 'no-data' : down > 0 ? 'fault' : 'ok';
  const lastExchange = status.lines
    .flatMap((line) => line.lastExchangeAt ?? [])
    .sort()
    .at(-1);
  const percent = completenessPercent(status.completenessYesterday, numbers);
  const mark = last === undefined ? null : packageStateMark(last, t);
  return (
    <>
      <StateMark
        state={lineState}
        label={down === 0 ? t('status.lines', { count: status.lines.length }) : t('status.linesDown', { down, count: status.lines.length })}
      />
      <span>
        {!status.isPolling
          ? t('status.notPolling')
          : lastExchange === undefined
            ? t('status.noPoll')
            : t('status.poll', { time: time.timeWithSeconds(lastExchange) })}
      </span>
      {percent === null ? null : <span>{t('status.completeness', { percent })}</span>}
      {last === undefined || mark === null ? null : (
        <a href={routeHref('packages', last.id)}>
          {t('status.package', {
            receiver: receiverNames(settings.data)(last.receiver),
            number: last.number,
            state: mark.label.toLowerCase(),
            time: momentText(last.createdAt, status.now, time),
          })}
        </a>
      )}
      {status.diskFreeBytes === null ? null : (
        <span>
          {t('status.disk', { size: formatBytes(status.diskFreeBytes, [t('unit.B'), t('unit.KB'), t('unit.MB'), t('unit.GB')], numbers) })}
        </span>
      )}
      <span className="status-right">
        {t('product')} {status.version}
      </span>
    </>
  );
}

/** Of today the time is enough; of another day the date stands before it. */
function momentText(at: string, now: string, time: Locale['time']): string {
  return time.date(at) === time.date(now) ? time.time(at) : `${time.date(at).slice(0, 5)} ${time.time(at)}`;
}
