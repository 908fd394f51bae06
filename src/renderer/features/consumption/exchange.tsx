import { useState } from 'react';
import type { DecodedField, Why } from '../../../shared/api/methods.ts';
import { exchangeLabelText } from '../../../shared/i18n/exchange-labels.ts';
import { meterFieldName, meterValueText } from '../../../shared/i18n/meter-fields.ts';
import { Absent, Facts } from '../../ui/figures.tsx';
import { formatCount } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { Section } from '../../ui/page.tsx';

type ExchangeOrigin = NonNullable<Why['exchange']>;

/** Request and response byte by byte; a field points at its bytes and the bytes at their field. */
export function Exchange({ exchange }: { readonly exchange: ExchangeOrigin }) {
  const { t, language, numbers, time } = useLocale();
  const [field, setField] = useState<DecodedField | null>(null);
  const bytes = (hex: string, side: DecodedField['in']) => (
    <div className="bytes">
      {hex.split(' ').map((byte, index) => {
        const owner =
          exchange.fields.find((one) => one.in === side && index >= one.bytes[0] && index < one.bytes[0] + one.bytes[1]) ?? null;
        return (
          <span
            key={`${side}-${index}`}
            className={owner === null ? '' : owner === field ? 'byte byte-on' : 'byte'}
            onMouseEnter={() => setField(owner)}
            title={owner === null ? undefined : meterFieldName(owner.name, language)}
          >
            {byte}
          </span>
        );
      })}
    </div>
  );
  return (
    <Section title={t('why.exchange')}>
      <Facts
        rows={[
          [t('why.label'), exchangeLabelText(exchange.label, language)],
          [t('column.line'), exchange.line],
          [t('why.sentAt'), `${time.date(exchange.sentAt)} ${time.timeWithSeconds(exchange.sentAt)}`],
          [t('why.duration'), `${formatCount(Math.round(exchange.durationMs), numbers)} ${t('unit.ms')}`],
          [t('why.attempt'), String(exchange.attempt)],
        ]}
      />
      <h3>{t('why.request')}</h3>
      {bytes(exchange.request, 'request')}
      <h3>{t('why.response')}</h3>
      {bytes(exchange.response, 'response')}
      {exchange.fields.length === 0 ? null : (
        <table className="plain wide fields">
          <thead>
            <tr>
              <th scope="col">{t('why.field')}</th>
              <th scope="col">{t('why.value')}</th>
              <th scope="col" className="number">
                {t('why.bytes')}
              </th>
            </tr>
          </thead>
          <tbody>
            {exchange.fields.map((one, index) => (
              <tr key={`${one.name}-${index}`} className={one === field ? 'chosen' : ''} onMouseEnter={() => setField(one)}>
                <td>
                  <span title={one.name}>{meterFieldName(one.name, language)}</span>{' '}
                  {one.in === 'request' ? <span className="dim">{t('why.inRequest')}</span> : null}
                </td>
                <td>
                  {one.value === null ? <Absent reason={t('meter.notTold')} /> : meterValueText({ ...one, value: one.value }, language)}
                </td>
                <td className="number">{one.bytes[1] === 1 ? one.bytes[0] : `${one.bytes[0]}–${one.bytes[0] + one.bytes[1] - 1}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
