import type { Consumption } from '../../../shared/api/methods.ts';
import { Absent } from '../../ui/figures.tsx';
import { completenessPercent, completenessState, energyPrefix, formatEnergy, formatPower } from '../../ui/format.ts';
import { energyUnitText, useLocale } from '../../ui/locale.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { seriesColor } from './chart.tsx';

/** Total, peak and completeness of every series: the legend of the chart. */
export function Totals({ consumption }: { readonly consumption: Consumption }) {
  const locale = useLocale();
  const { t, numbers, time } = locale;
  const { series, unit } = consumption;
  const prefix = energyPrefix(series.map((one) => one.total));
  return (
    <div className="totals">
      <table className="plain wide">
        <thead>
          <tr>
            <th scope="col">{t('column.point')}</th>
            <th scope="col" className="number">
              {t('consumption.total')}, {energyUnitText(locale, unit, prefix)}
            </th>
            <th scope="col" className="number">
              ▼ {t('consumption.peak')}, {t(unit === 'Wh' ? 'unit.kW' : 'unit.kvar')}
            </th>
            <th scope="col">{t('consumption.peakAt')}</th>
            <th scope="col">{t('completeness.title')}</th>
          </tr>
        </thead>
        <tbody>
          {series.map(({ pointId, name, code, total, peak, completeness }, index) => {
            const percent = completenessPercent(completeness, numbers);
            return (
              <tr key={pointId}>
                <td>
                  {series.length === 1 ? null : <i className="swatch" style={{ color: seriesColor(index) }} aria-hidden="true" />}
                  <a href={`#/points/${pointId}`}>{name}</a> <span className="dim">{code}</span>
                </td>
                <td className="number">
                  {total === null ? <Absent reason={t('value.noIntervals')} /> : formatEnergy(total, prefix, numbers)}
                </td>
                <td className="number">{peak === null ? <Absent reason={t('value.noIntervals')} /> : formatPower(peak.power, numbers)}</td>
                <td>
                  {peak === null
                    ? ''
                    : peak.minutes > 60
                      ? time.date(peak.start)
                      : `${time.date(peak.start)} ${time.interval(peak.start, peak.minutes)}`}
                </td>
                <td>
                  {percent === null ? (
                    t('completeness.notYet')
                  ) : (
                    <StateMark state={completenessState(completeness)} label={`${percent} %`} />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
