import type { LivePoint } from '../../../shared/api/methods.ts';
import type { InstantaneousKey } from '../../../shared/domain/quantity.ts';
import { reasonText } from '../../../shared/i18n/causes.ts';
import { Age } from '../../ui/age.tsx';
import { Absent } from '../../ui/figures.tsx';
import { formatDecimal, plainDecimal, shiftDecimal } from '../../ui/format.ts';
import type { Locale } from '../../ui/locale.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import type { TableColumn } from '../../ui/table-columns.ts';

/** How an instantaneous quantity is printed: thousands or units, digits after the point. */
interface Print {
  readonly places: 0 | -3;
  readonly digits: number;
  readonly unit: 'kW' | 'kvar' | 'kVA' | 'V' | 'A' | 'Hz' | 'one' | 'deg' | 'percent' | 'degC';
}

/** The first click on the column sorts downwards: what is worst must come first. */
const STATE_ORDER = { ok: 0, unchecked: 1, 'no-data': 2, attention: 3, fault: 4 } as const;

export function printOf(key: InstantaneousKey): Print {
  if (/^P/.test(key)) return { places: -3, digits: 1, unit: 'kW' };
  if (/^Q/.test(key)) return { places: -3, digits: 1, unit: 'kvar' };
  if (/^S/.test(key)) return { places: -3, digits: 1, unit: 'kVA' };
  if (/^U/.test(key)) return { places: 0, digits: 1, unit: 'V' };
  if (/^I/.test(key)) return { places: 0, digits: 2, unit: 'A' };
  if (/^cos/.test(key)) return { places: 0, digits: 3, unit: 'one' };
  if (key === 'F') return { places: 0, digits: 2, unit: 'Hz' };
  if (key === 'T') return { places: 0, digits: 0, unit: 'degC' };
  if (/^KU/.test(key)) return { places: 0, digits: 1, unit: 'percent' };
  return { places: 0, digits: 1, unit: 'deg' };
}

/** Why a live figure is absent: the point's own reason, else the meter does not give this quantity. */
export function whyNoValue(point: LivePoint, key: InstantaneousKey, { t, language }: Locale): string {
  if (point.values[key] === null) return t('value.notMeasured');
  return point.reason === null ? t('value.notRead') : reasonText(point.reason, language);
}

export function LiveFigure({
  point,
  name,
  locale,
}: {
  readonly point: LivePoint;
  readonly name: InstantaneousKey;
  readonly locale: Locale;
}) {
  const measured = point.values[name];
  if (measured === undefined || measured === null) return <Absent reason={whyNoValue(point, name, locale)} />;
  const { places, digits } = printOf(name);
  return <>{formatDecimal(shiftDecimal(measured.value, places), digits, locale.numbers)}</>;
}

const SHOWN: readonly InstantaneousKey[] = ['P', 'Q', 'cos', 'U1', 'U2', 'U3', 'I1', 'I2', 'I3'];
const MORE: readonly InstantaneousKey[] = ['S', 'F', 'P1', 'P2', 'P3', 'Q1', 'Q2', 'Q3', 'cos1', 'cos2', 'cos3', 'T'];

/** Quantities that a point can show, in the order of the table. */
export const SHOWN_QUANTITIES: readonly InstantaneousKey[] = [...SHOWN, ...MORE];

export function quantityTitle(key: InstantaneousKey, { t }: Locale): string {
  return key.replace(/^cos/, t('quantity.cos'));
}

/** Wide enough for what an industrial point shows, and all of them together for a window of 1280. */
const WIDTHS: Readonly<Record<string, number>> = { kW: 70, kvar: 64, kVA: 70, V: 62, A: 64, one: 56 };

/** Columns of the table of all points; `href` is the address of a point's page. */
export function liveColumns(locale: Locale, href: (pointId: number) => string): TableColumn<LivePoint>[] {
  const { t, language, numbers } = locale;
  const quantity = (key: InstantaneousKey, isHiddenAtFirst: boolean): TableColumn<LivePoint> => {
    const { places, digits, unit } = printOf(key);
    return {
      id: key,
      title: quantityTitle(key, locale),
      ...(unit === 'one' ? {} : { unit: t(`unit.${unit}`) }),
      width: WIDTHS[unit] ?? 66,
      kind: 'decimal',
      isHiddenAtFirst,
      sortValue: (point) => point.values[key]?.value ?? null,
      text: (point) => {
        const value = point.values[key]?.value;
        return value === undefined ? '' : plainDecimal(shiftDecimal(value, places), digits, numbers);
      },
      render: (point) => <LiveFigure point={point} name={key} locale={locale} />,
      note: (point) => {
        const value = point.values[key];
        return value === undefined || value === null ? `${quantityTitle(key, locale)}: ${whyNoValue(point, key, locale)}` : null;
      },
    };
  };
  const text = (id: 'code' | 'substation' | 'line' | 'meterSerial', width: number, isHiddenAtFirst = false): TableColumn<LivePoint> => ({
    id,
    title: t(`column.${id}`),
    width,
    kind: 'text',
    isHiddenAtFirst,
    sortValue: (point) => point[id],
    text: (point) => point[id] ?? '',
  });
  const stateWord = (point: LivePoint) => (point.reason === null ? t(`state.${point.state}`) : reasonText(point.reason, language));
  return [
    {
      id: 'name',
      title: t('column.point'),
      width: 170,
      kind: 'text',
      sortValue: (point) => point.name,
      text: (point) => point.name,
      render: (point) => (
        <a href={href(point.pointId)} tabIndex={-1}>
          {point.name}
        </a>
      ),
    },
    {
      id: 'state',
      title: t('column.state'),
      width: 150,
      kind: 'number',
      isLeft: true,
      sortValue: (point) => STATE_ORDER[point.state],
      text: stateWord,
      render: (point) => <StateMark state={point.state} label={point.state === 'ok' ? t('state.ok') : stateWord(point)} />,
      note: (point) => (point.reason === null ? null : reasonText(point.reason, language)),
    },
    text('substation', 100),
    ...SHOWN.map((key) => quantity(key, false)),
    {
      id: 'age',
      title: t('column.age'),
      width: 66,
      kind: 'number',
      sortValue: (point) => (point.at === null ? null : -Date.parse(point.at)),
      text: (point) => (point.at === null ? '' : locale.time.dateTime(point.at)),
      render: (point) => <Age at={point.at} staleAfterS={point.staleAfterS} />,
    },
    text('code', 100, true),
    text('line', 130, true),
    text('meterSerial', 90, true),
    ...MORE.map((key) => quantity(key, true)),
  ];
}
