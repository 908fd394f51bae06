import type { Attention } from '../../../shared/api/values.ts';
import type { LivePoint, PointCard } from '../../../shared/api/methods.ts';
import { CHANNELS, energyUnit } from '../../../shared/domain/channel.ts';
import { DRIVER_IDS, MANUAL } from '../../../shared/domain/point.ts';
import type { InstantaneousKey } from '../../../shared/domain/quantity.ts';
import { reasonText } from '../../../shared/i18n/causes.ts';
import { routeHref } from '../../app/routes.ts';
import { Age, isStale, useNow } from '../../ui/age.tsx';
import { AttentionItem, PHASE_LETTERS } from '../../ui/attention.tsx';
import { DayChart } from '../../ui/day-chart.tsx';
import { Absent, Facts, Figure } from '../../ui/figures.tsx';
import { completenessPercent, energyPrefix, formatDecimal, formatEnergy, formatPower, shiftDecimal } from '../../ui/format.ts';
import { energyUnitText, type Locale } from '../../ui/locale.ts';
import { PageBody, Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { printDate } from '../../ui/time.ts';
import { printOf, quantityTitle, whyNoValue } from '../live/columns.tsx';

/** Where people write down what a meter without a link shows. */
const READINGS_HREF = routeHref('closing', null, { tab: 'readings' });

/** What a point shows at this moment: values by phase, verdict, clock, installation, today, registers. */
export function PointNow({ card, live, locale }: { readonly card: PointCard; readonly live: LivePoint; readonly locale: Locale }) {
  const { t, language, numbers } = locale;
  const power = live.values.P?.value ?? null;
  const stale = useNow((now) => isStale(live.at, live.staleAfterS, now));
  const prefix = energyPrefix([card.today.total]);
  const percent = completenessPercent(card.today.completeness, numbers);
  return (
    <PageBody>
      <div className="figures">
        <Figure
          label={t('quantity.power')}
          value={power === null ? null : formatPower(power, numbers)}
          unit={t('unit.kW')}
          reason={whyNoValue(live, 'P', locale)}
          note={<Age at={live.at} staleAfterS={live.staleAfterS} />}
        />
        <Figure
          label={t('overview.today')}
          value={card.today.total === null ? null : formatEnergy(card.today.total, prefix, numbers)}
          unit={energyUnitText(locale, 'Wh', prefix)}
          reason={t('value.noIntervals')}
          note={percent === null ? null : t('completeness.of', { percent })}
        />
        <Figure
          label={t('point.clock')}
          value={
            live.clockDeviationMs === null ? null : formatDecimal(shiftDecimal(String(Math.round(live.clockDeviationMs)), -3), 1, numbers)
          }
          unit={t('unit.s')}
          reason={t('value.notRead')}
          note={
            card.clock.driftMsPerDay === null
              ? t('point.clockNote')
              : t('point.clockDrift', { drift: signedSeconds(card.clock.driftMsPerDay, locale) })
          }
        />
        <div className="figure">
          <div className="figure-label">{t('column.state')}</div>
          <div className="figure-state">
            <StateMark state={live.state} {...(live.reason === null ? {} : { label: reasonText(live.reason, language) })} />
          </div>
          <div className="figure-note">
            {card.meter.address === null ? (
              <a href={READINGS_HREF}>{t('point.enterReadings')}</a>
            ) : (
              `${card.meter.line} · ${t('point.address', { address: card.meter.address })}`
            )}
          </div>
        </div>
      </div>
      <div className="columns-2">
        <div>
          <Section title={t('point.now')} note={t('point.primary')}>
            <Phases live={live} locale={locale} isStale={stale} />
          </Section>
          <Section title={`${t('overview.today')}, ${printDate(card.today.day)}`} note={t('channel.A+')}>
            <DayChart today={card.today} yesterday={null} height={190} />
          </Section>
        </div>
        <div>
          <Section title={t('point.verdict')}>
            <Verdict findings={card.findings} live={live} locale={locale} />
          </Section>
          <Section title={t('point.installation')}>
            <Installation card={card} locale={locale} />
          </Section>
        </div>
      </div>
      <Section title={t('point.registers')} note={t('point.secondary')}>
        <Registers card={card} locale={locale} />
      </Section>
    </PageBody>
  );
}

const PHASES = [1, 2, 3] as const;
const BY_PHASE = ['U', 'I', 'P', 'Q', 'S', 'cos'] as const;

function Phases({ live, locale, isStale: old }: { readonly live: LivePoint; readonly locale: Locale; readonly isStale: boolean }) {
  const { t, numbers } = locale;
  const cell = (key: InstantaneousKey) => {
    const value = live.values[key]?.value;
    if (value === undefined) return <Absent reason={whyNoValue(live, key, locale)} />;
    const { places, digits } = printOf(key);
    return formatDecimal(shiftDecimal(value, places), digits, numbers);
  };
  const unit = (key: InstantaneousKey) => {
    const { unit: name } = printOf(key);
    return name === 'one' ? '' : `, ${t(`unit.${name}`)}`;
  };
  return (
    <table className={old ? 'plain stale-row' : 'plain'}>
      <thead>
        <tr>
          <th scope="col">{t('point.quantity')}</th>
          {PHASES.map((phase) => (
            <th key={phase} scope="col" className="number">
              <span className={`phase phase-${phase}`} aria-hidden="true" /> {t(`phase.${PHASE_LETTERS[phase - 1] ?? 'A'}`)}
            </th>
          ))}
          <th scope="col" className="number">
            {t('point.sum')}
          </th>
        </tr>
      </thead>
      <tbody>
        {BY_PHASE.map((name) => (
          <tr key={name}>
            <th scope="row">
              {quantityTitle(name === 'cos' ? 'cos' : `${name}1`, locale).replace('1', '')}
              {unit(name === 'cos' ? 'cos' : `${name}1`)}
            </th>
            {PHASES.map((phase) => (
              <td key={phase} className="number">
                {cell(`${name}${phase}`)}
              </td>
            ))}
            <td className="number">{name === 'U' || name === 'I' ? '' : cell(name)}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">F{unit('F')}</th>
          <td colSpan={3} />
          <td className="number">{cell('F')}</td>
        </tr>
      </tbody>
    </table>
  );
}

function Verdict({
  findings,
  live,
  locale,
}: {
  readonly findings: readonly Attention[];
  readonly live: LivePoint;
  readonly locale: Locale;
}) {
  const { t, language } = locale;
  if (findings.length > 0) {
    return (
      <ul className="attention-list">
        {findings.map((finding) => (
          <li key={`${finding.code}-${String(finding.params.phase ?? '')}`}>
            <AttentionItem item={finding}>
              {typeof finding.params.stranger !== 'string' || finding.subject.id === null ? null : (
                <a href={routeHref('points', finding.subject.id, { tab: 'installation' })}>{t('stranger.decide')}</a>
              )}
            </AttentionItem>
          </li>
        ))}
      </ul>
    );
  }
  if (live.state === 'ok') return <p className="verdict">{t('point.noFindings')}</p>;
  return (
    <p className="verdict">
      {live.reason === null ? t('point.noVerdict') : t('point.onlyState', { reason: reasonText(live.reason, language) })}
    </p>
  );
}

function Installation({ card, locale }: { readonly card: PointCard; readonly locale: Locale }) {
  const { t, time } = locale;
  const { meter, installation: at } = card;
  const unknown = <Absent reason={t('value.notRead')} />;
  return (
    <Facts
      rows={[
        [t('point.code'), card.code],
        [t('point.role'), t(`role.${card.role}`)],
        [t('point.meter'), meter.driver === MANUAL ? `№ ${meter.serial}` : `${driverTitle(meter.driver, locale)} № ${meter.serial}`],
        [
          t('point.line'),
          meter.line === null ? (
            t('point.noLink')
          ) : (
            <span key="line">
              {meter.line} {meter.lineAddress === meter.line ? null : <span className="dim">{meter.lineAddress}</span>}
            </span>
          ),
        ],
        [t('point.ct'), `${at.ct.primary}/${at.ct.secondary}`],
        [t('point.vt'), `${at.vt.primary}/${at.vt.secondary}`],
        [t('point.scheme'), at.scheme === null ? <Absent key="scheme" reason={t('value.notSet')} /> : t(`scheme.${at.scheme}`)],
        [t('point.since'), at.from === null ? t('point.sinceEver') : time.date(at.from)],
        [t('point.constant'), meter.constantImpPerKwh === null ? unknown : `${meter.constantImpPerKwh} ${t('unit.imp')}`],
        [t('point.ring'), meter.ringDays === null ? unknown : t('point.days', { count: Math.floor(meter.ringDays) })],
        [t('point.firmware'), meter.firmware ?? unknown],
      ]}
    />
  );
}

/** A driver of a newer server is named by its own word. */
function driverTitle(driver: string, { t }: Locale): string {
  const known = DRIVER_IDS.find((id) => id === driver);
  return known === undefined ? driver : t(`driver.${known}`);
}

function Registers({ card, locale }: { readonly card: PointCard; readonly locale: Locale }) {
  const { t, numbers, time } = locale;
  if (card.registers.length === 0) {
    return card.meter.address === null ? (
      <p className="verdict">
        {t('point.readByHand')} <a href={READINGS_HREF}>{t('point.enterReadings')}</a>
      </p>
    ) : (
      <p className="verdict">{t('point.noRegisters')}</p>
    );
  }
  const kept = CHANNELS.filter((channel) => card.registers.some((row) => row[channel] !== null));
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t('point.registerKind')}</th>
          <th scope="col">{t('point.moment')}</th>
          <th scope="col">{t('point.tariff')}</th>
          {kept.map((channel) => (
            <th key={channel} scope="col" className="number">
              {channel}, {t(`unit.k${energyUnit(channel)}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {card.registers.map((row) => (
          <tr key={`${row.kind}-${row.moment}-${row.tariff}`}>
            <td>{t(`registerKind.${row.kind}`)}</td>
            <td>{time.dateTime(row.moment)}</td>
            <td>{row.tariff === 0 ? t('point.sumOfTariffs') : row.tariff}</td>
            {kept.map((channel) => (
              <td key={channel} className="number">
                {row[channel] === null ? <Absent reason={t('value.notKept')} /> : formatDecimal(shiftDecimal(row[channel], -3), 3, numbers)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `+0,4`: tenths of a second. */
function signedSeconds(ms: number, { numbers }: Locale): string {
  const text = formatDecimal(shiftDecimal(String(Math.abs(ms)), -3), 1, numbers);
  return `${ms < 0 ? '−' : '+'}${text}`;
}
