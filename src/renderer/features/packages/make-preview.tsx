import type { PackagePreview } from '../../../shared/api/methods.ts';
import { Absent, Facts } from '../../ui/figures.tsx';
import { formatCount, formatDecimal } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';

/** What a package would hold, and how it stands to what the receiver was told before. */
export function MakePreview({ preview }: { readonly preview: PackagePreview }) {
  const { t, numbers } = useLocale();
  const { changes, mode, isFirst, held } = preview;
  const count = (value: number) => formatCount(value, numbers);
  return (
    <>
      <Facts
        rows={[
          [t('packages.rows'), count(preview.rows)],
          [t('packages.missingRows'), count(preview.missingRows)],
          [
            t('packages.controlSum'),
            preview.controlSum === null ? <Absent key="sum" reason={t('packages.noSum')} /> : formatDecimal(preview.controlSum, 3, numbers),
          ],
          [
            t('handover.make.before'),
            isFirst ? (
              t('handover.make.never')
            ) : (
              <span key="changes" data-testid="preview-changes">
                {[
                  t('handover.make.same', { rows: count(changes.same) }),
                  t('handover.make.changed', { rows: count(changes.changed) }),
                  ...(changes.new === 0 ? [] : [t('handover.make.new', { rows: count(changes.new) })]),
                  ...(changes.withdrawn === 0 ? [] : [t('handover.make.withdrawn', { rows: count(changes.withdrawn) })]),
                ].join(', ')}
              </span>
            ),
          ],
          ...(held === 0 ? [] : [[t('handover.make.held'), t('handover.make.heldRows', { rows: count(held) })] as const]),
        ]}
      />
      {mode === 'delta' && preview.rows === 0 ? <p className="verdict">{t('handover.make.nothing')}</p> : null}
      <Differences preview={preview} />
      <ShortPoints preview={preview} />
    </>
  );
}

/** The first rows whose figure or status is another one than was told. */
function Differences({ preview: { differences, changes } }: { readonly preview: PackagePreview }) {
  const { t, time, numbers } = useLocale();
  if (differences.length === 0) return null;
  const all = changes.changed + changes.withdrawn;
  const told = ({ figures, status }: { readonly figures: string; readonly status: number }) => {
    const word = STATUS_WORDS[status];
    const figure = figures === '' ? <Absent reason={t('handover.make.noFigure')} /> : figures.replaceAll('.', numbers.decimal);
    return (
      <>
        {figure}
        {word === undefined ? null : <span className="dim"> {t(`handover.make.${word}`)}</span>}
      </>
    );
  };
  const unit = `${t('unit.kWh')} (${t('unit.kvarh')})`;
  return (
    <div className="preview-points" tabIndex={0}>
      <table className="plain wide" data-testid="table-differences">
        <caption>
          {differences.length < all
            ? t('handover.make.firstDifferences', { shown: formatCount(differences.length, numbers), all: formatCount(all, numbers) })
            : t('handover.make.differences')}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('column.point')}</th>
            <th scope="col">{t('handover.make.instant')}</th>
            <th scope="col" className="number">
              {t('handover.make.was')}, {unit}
            </th>
            <th scope="col" className="number">
              {t('handover.make.now')}, {unit}
            </th>
          </tr>
        </thead>
        <tbody>
          {differences.map((row) => (
            <tr key={`${row.key} ${row.at}`}>
              <td title={row.key}>{row.key.replaceAll(';', ' · ')}</td>
              <td className="nowrap">{time.dateTime(row.at)}</td>
              <td className="number">{told(row.before)}</td>
              <td className="number">{row.change === 'withdrawn' ? t('handover.make.gone') : told(row.now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A valid figure needs no word. */
const STATUS_WORDS: Readonly<Record<number, 'replaced' | 'missing' | 'disputed'>> = { 1: 'replaced', 2: 'missing', 3: 'disputed' };

/** Points that lack figures. */
function ShortPoints({ preview: { points } }: { readonly preview: PackagePreview }) {
  const { t, numbers } = useLocale();
  const short = points.filter((point) => point.missingRows > 0);
  if (short.length === 0) return null;
  return (
    <div className="preview-points" tabIndex={0}>
      <table className="plain wide">
        <caption>{t('handover.make.shortPoints')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('column.point')}</th>
            <th scope="col" className="number">
              {t('packages.rows')}
            </th>
            <th scope="col" className="number">
              {t('packages.missingRows')}
            </th>
          </tr>
        </thead>
        <tbody>
          {short.map((point) => (
            <tr key={point.code}>
              <td>
                {point.name} <span className="dim">{point.code}</span>
              </td>
              <td className="number">{formatCount(point.rows, numbers)}</td>
              <td className="number">{formatCount(point.missingRows, numbers)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
