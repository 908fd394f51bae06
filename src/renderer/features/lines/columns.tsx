import type { LineTest } from '../../../shared/api/search.ts';
import { Absent } from '../../ui/figures.tsx';
import { formatCount, formatDecimal, plainDecimal } from '../../ui/format.ts';
import type { Locale } from '../../ui/locale.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import type { TableColumn } from '../../ui/table-columns.ts';
import { TASK_MARKS } from '../../ui/task-state.ts';
import { GRADE_MARKS, type LineTestGrade, sharePercent } from './slice.ts';

type TestedMeter = LineTest['meters'][number];

export function GradeMark({ grade, t }: { readonly grade: LineTestGrade; readonly t: Locale['t'] }) {
  return <StateMark state={GRADE_MARKS[grade]} label={t(`grade.${grade}`)} />;
}

const GRADE_ORDER: Readonly<Record<LineTestGrade, number>> = { good: 0, fair: 1, poor: 2, failed: 3 };

/** Meters of one line test. */
export function meterColumns({ t, numbers }: Locale): TableColumn<TestedMeter>[] {
  const count = (id: 'exchanges' | 'lost' | 'damaged' | 'retries' | 'address', width: number): TableColumn<TestedMeter> => ({
    id,
    title: t(`lineTest.${id}`),
    width,
    kind: 'number',
    sortValue: (meter) => meter[id],
    text: (meter) => String(meter[id]),
    render: (meter) => formatCount(meter[id], numbers),
  });
  const milliseconds = (id: 'firstByteP50Ms' | 'firstByteP99Ms'): TableColumn<TestedMeter> => ({
    id,
    title: t(id === 'firstByteP50Ms' ? 'lineTest.p50' : 'lineTest.p99'),
    unit: t('unit.ms'),
    hint: t('lineTest.firstByteHint'),
    width: 64,
    kind: 'number',
    sortValue: (meter) => meter[id],
    text: (meter) => (meter[id] === null ? '' : String(Math.round(meter[id]))),
    render: (meter) => (meter[id] === null ? <Absent reason={t('lineTest.noAnswers')} /> : formatCount(Math.round(meter[id]), numbers)),
  });
  return [
    {
      id: 'point',
      title: t('column.point'),
      width: 110,
      kind: 'text',
      sortValue: (meter) => meter.pointCode,
      text: (meter) => meter.pointCode ?? '',
      render: (meter) => meter.pointCode ?? <Absent reason={t('search.notInPlant')} />,
    },
    {
      id: 'grade',
      title: t('lineTest.grade'),
      width: 118,
      kind: 'number',
      isLeft: true,
      sortValue: (meter) => GRADE_ORDER[meter.grade],
      text: (meter) => t(`grade.${meter.grade}`),
      render: (meter) => <GradeMark grade={meter.grade} t={t} />,
    },
    {
      id: 'serial',
      title: t('column.meterSerial'),
      width: 90,
      kind: 'text',
      sortValue: (meter) => meter.serial,
      text: (meter) => meter.serial,
    },
    count('address', 66),
    count('exchanges', 86),
    {
      id: 'loss',
      title: t('system.lost'),
      unit: '%',
      width: 72,
      kind: 'decimal',
      sortValue: (meter) => sharePercent(meter.lost, meter.exchanges),
      text: (meter) => plainDecimal(sharePercent(meter.lost, meter.exchanges) ?? '0', 1, numbers),
      render: (meter) => formatDecimal(sharePercent(meter.lost, meter.exchanges) ?? '0', 1, numbers),
    },
    count('lost', 78),
    count('damaged', 84),
    count('retries', 84),
    milliseconds('firstByteP50Ms'),
    milliseconds('firstByteP99Ms'),
  ];
}

/** Tests of a line so far; the chosen one is shown above them. */
export function testColumns({ t, numbers, time }: Locale, choose: (test: LineTest) => void): TableColumn<LineTest>[] {
  return [
    {
      id: 'startedAt',
      title: t('task.startedAt'),
      width: 130,
      kind: 'text',
      sortValue: (test) => test.startedAt,
      text: (test) => time.dateTime(test.startedAt),
      press: choose,
    },
    {
      id: 'grade',
      title: t('lineTest.grade'),
      width: 140,
      kind: 'text',
      sortValue: (test) => test.grade,
      text: (test) => (test.grade === null ? t(`task.${test.state}`) : t(`grade.${test.grade}`)),
      render: (test) =>
        test.grade === null ? (
          <StateMark state={TASK_MARKS[test.state]} label={t(`task.${test.state}`)} />
        ) : (
          <GradeMark grade={test.grade} t={t} />
        ),
    },
    {
      id: 'loss',
      title: t('system.lost'),
      unit: '%',
      width: 72,
      kind: 'decimal',
      sortValue: (test) => sharePercent(test.lost, test.exchanges),
      text: (test) => plainDecimal(sharePercent(test.lost, test.exchanges) ?? '0', 1, numbers),
    },
    {
      id: 'exchanges',
      title: t('lineTest.exchanges'),
      width: 90,
      kind: 'number',
      sortValue: (test) => test.exchanges,
      text: (test) => String(test.exchanges),
      render: (test) => formatCount(test.exchanges, numbers),
    },
    {
      id: 'p99',
      title: t('lineTest.p99'),
      unit: t('unit.ms'),
      hint: t('lineTest.firstByteHint'),
      width: 64,
      kind: 'number',
      sortValue: (test) => test.firstByteP99Ms,
      text: (test) => (test.firstByteP99Ms === null ? '' : String(Math.round(test.firstByteP99Ms))),
    },
  ];
}
