import type { LineStatus, SystemStatus } from '../../../shared/api/methods.ts';
import { ERROR_TEXTS, isErrorCode } from '../../../shared/i18n/errors.ts';
import { reasonText } from '../../../shared/i18n/causes.ts';
import { Age } from '../../ui/age.tsx';
import { Absent, Facts } from '../../ui/figures.tsx';
import { completenessPercent, formatBytes, formatCount, formatDecimal } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice } from '../../ui/notices.tsx';
import { PageBar, PageBody, Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { routeHref } from '../../app/routes.ts';
import { Backups } from './backups.tsx';
import { LINE_STALE_S, useSystem } from './slice.ts';

export function SystemView() {
  const locale = useLocale();
  const { t } = locale;
  const status = useSystem((state) => state.status);
  const error = useSystem((state) => state.error);
  return (
    <>
      <PageBar path={[{ label: t('nav.system') }]} />
      {error === null ? null : <ErrorNotice error={error} />}
      {status === null ? null : (
        <PageBody>
          <Section title={t('system.lines')} note={<a href={routeHref('search')}>{t('nav.search')}</a>}>
            {status.lines.length === 0 ? (
              <EmptyState text={t('system.noLines')} action={{ label: t('empty.toSetup'), href: routeHref('setup') }} />
            ) : (
              <Lines lines={status.lines} locale={locale} />
            )}
          </Section>
          <Backups />
          <Section title={t('system.server')}>
            <Server status={status} locale={locale} />
          </Section>
        </PageBody>
      )}
    </>
  );
}

function Lines({ lines, locale }: { readonly lines: readonly LineStatus[]; readonly locale: Locale }) {
  const { t, language, numbers } = locale;
  return (
    <table className="plain wide" data-testid="table-lines">
      <thead>
        <tr>
          <th scope="col">{t('column.line')}</th>
          <th scope="col">{t('column.state')}</th>
          <th scope="col" className="number">
            {t('system.meters')}
          </th>
          <th scope="col" className="number">
            {t('system.silent')}
          </th>
          <th scope="col" className="number">
            {t('system.exchanges')}
          </th>
          <th scope="col" className="number">
            {t('system.failures')}
          </th>
          <th scope="col" className="number">
            {t('system.lost')}, %
          </th>
          <th scope="col" className="number">
            {t('system.lastExchange')}
          </th>
          <th scope="col">{t('system.todo')}</th>
          <th scope="col">
            <span className="sr-only">{t('system.search')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => {
          const { reason } = line;
          return (
            <tr key={line.id}>
              <td>
                <a href={routeHref('system', line.id)}>{line.name}</a>{' '}
                {line.address === line.name ? null : <span className="dim">{line.address}</span>}
              </td>
              <td>
                <StateMark state={line.state} {...(reason === null ? {} : { label: reasonText(reason, language) })} />
              </td>
              <td className="number">{formatCount(line.meters, numbers)}</td>
              <td className="number">{formatCount(line.silentMeters, numbers)}</td>
              <td className="number">{formatCount(line.exchanges, numbers)}</td>
              <td className="number">{formatCount(line.failures, numbers)}</td>
              <td className="number">
                {line.exchanges === 0 ? (
                  <Absent reason={t('system.noExchanges')} />
                ) : (
                  formatDecimal(((line.failures * 100) / line.exchanges).toFixed(1), 1, numbers)
                )}
              </td>
              <td className="number">
                <Age at={line.lastExchangeAt} staleAfterS={LINE_STALE_S} />
              </td>
              <td>
                {reason !== null && isErrorCode(reason)
                  ? ERROR_TEXTS[reason][language].todo
                  : line.silentMeters > 0
                    ? t('system.silentTodo')
                    : ''}
              </td>
              <td className="nowrap">
                <a href={routeHref('search', null, { line: line.address })}>{t('system.search')}</a>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Server({ status, locale }: { readonly status: SystemStatus; readonly locale: Locale }) {
  const { t, numbers, time } = locale;
  const units = [t('unit.B'), t('unit.KB'), t('unit.MB'), t('unit.GB')] as const;
  const percent = completenessPercent(status.completenessYesterday, numbers);
  return (
    <Facts
      rows={[
        [t('system.version'), `${status.product} ${status.version}`],
        [
          t('system.polling'),
          <StateMark
            key="polling"
            state={status.isPolling ? 'ok' : 'attention'}
            label={t(status.isPolling ? 'system.on' : 'system.off')}
          />,
        ],
        [t('system.startedAt'), time.dateTime(status.startedAt)],
        [t('system.points'), formatCount(status.points, numbers)],
        [t('system.completeness'), percent === null ? <Absent key="c" reason={t('completeness.notYet')} /> : `${percent} %`],
        [t('system.database'), formatBytes(status.databaseBytes, units, numbers)],
        [
          t('system.disk'),
          status.diskFreeBytes === null ? (
            <Absent key="d" reason={t('value.unknown')} />
          ) : (
            formatBytes(status.diskFreeBytes, units, numbers)
          ),
        ],
        [t('setup.timeZone'), status.site.timeZone],
      ]}
    />
  );
}
