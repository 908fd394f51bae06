import { Autocomplete, Button, Checkbox, Chip, Select, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import type { SearchPlan } from '../../../shared/api/search.ts';
import { DRIVER_IDS } from '../../../shared/domain/point.ts';
import { navigate, routeHref } from '../../app/routes.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { durationText } from '../../ui/duration.ts';
import { formatCount } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { Section } from '../../ui/page.tsx';
import { lineName, useSystem } from '../system/slice.ts';
import { BAUD_RATES, checkDraft, EMPTY_DRAFT, FORMATS, isSerialLine, LAST_ADDRESS, type SearchDraft } from './draft.ts';
import { createSearchesSlice, createSearchPlanSlice } from './slice.ts';

/** A plan is asked when the typing rests. */
const TYPING_MS = 300;

export interface NewSearchProps {
  /** LINE text that stands in the form at first. */
  readonly firstLine: string;
  /** Stands under the plan. */
  readonly children: ReactNode;
}

/** What to look for and where, and beside it what it would take and the start. */
export function NewSearch({ firstLine, children }: NewSearchProps) {
  const { t } = useLocale();
  const services = useServices();
  const status = useSystem((state) => state.status);
  const [draft, setDraft] = useState<SearchDraft>({ ...EMPTY_DRAFT, line: firstLine });
  const change = (part: Partial<SearchDraft>) => setDraft((before) => ({ ...before, ...part }));
  const { faults, request, serials, faultySerials } = checkDraft(draft);
  const [asked] = useDebouncedValue(request, TYPING_MS);
  const plan = useResource(createSearchPlanSlice, asked);
  const isCurrent = request !== null && JSON.stringify(plan.params) === JSON.stringify(request);
  const start = useAction(async () => {
    if (request === null) return;
    const search = await services.client.call('search.start', request);
    services.slice(createSearchesSlice).getState().put(search);
    navigate(routeHref('search', search.id));
  });
  const lines = status?.lines ?? [];
  const nameOf = (address: string) => lineName(address, lines);
  const isSerial = isSerialLine(draft.line);
  const last = LAST_ADDRESS[draft.driver];
  return (
    <form
      className="page-columns"
      onSubmit={(event) => {
        event.preventDefault();
        void start.run();
      }}
    >
      <div className="page-columns-side" tabIndex={0}>
        <Section title={t('search.where')}>
          <Autocomplete
            size="xs"
            label={t('column.line')}
            description={t('search.lineHint')}
            placeholder="tcp:10.0.0.5:4001"
            data={lines.map((line) => line.address)}
            renderOption={({ option }) => (
              <span>
                {nameOf(option.value)} {nameOf(option.value) === option.value ? null : <span className="dim">{option.value}</span>}
              </span>
            )}
            value={draft.line}
            error={draft.line !== '' && faults.includes('line') ? t('search.lineFault') : null}
            onChange={(line) => change({ line })}
            data-testid="search-line"
          />
          {isSerial ? (
            <div className="form-field">
              <span className="form-label">{t('search.settings')}</span>
              <Chip.Group multiple value={[...draft.baudRates]} onChange={(baudRates) => change({ baudRates })}>
                <div className="chips">
                  {BAUD_RATES.map((rate) => (
                    <Chip key={rate} size="xs" value={rate}>
                      {rate}
                    </Chip>
                  ))}
                </div>
              </Chip.Group>
              <Chip.Group multiple value={[...draft.formats]} onChange={(formats) => change({ formats })}>
                <div className="chips">
                  {FORMATS.map((format) => (
                    <Chip key={format} size="xs" value={format}>
                      {format}
                    </Chip>
                  ))}
                </div>
              </Chip.Group>
              <p className="hint">{t('search.settingsHint')}</p>
            </div>
          ) : draft.line === '' ? null : (
            <p className="hint">{t('search.gatewayHint')}</p>
          )}
        </Section>
        <Section title={t('search.what')}>
          <Select
            label={t('search.driver')}
            data={DRIVER_IDS.map((driver) => ({ value: driver, label: t(`driver.${driver}`) }))}
            value={draft.driver}
            allowDeselect={false}
            onChange={(value) => {
              const driver = DRIVER_IDS.find((known) => known === value);
              if (driver !== undefined) change({ driver, to: String(LAST_ADDRESS[driver]) });
            }}
          />
          <Textarea
            className="form-field"
            size="xs"
            label={t('search.serials')}
            description={t('search.serialsHint')}
            autosize
            minRows={2}
            maxRows={6}
            value={draft.serials}
            error={faultySerials.length > 0 ? t('search.serialsFault', { words: faultySerials.slice(0, 3).join(', ') }) : null}
            onChange={({ currentTarget }) => change({ serials: currentTarget.value })}
          />
          {serials.length === 0 ? null : <p className="hint">{t('search.serialCount', { count: serials.length })}</p>}
          <div className="form-field">
            <Checkbox
              label={t(serials.length === 0 ? 'search.range' : 'search.rangeToo')}
              checked={draft.hasRange}
              onChange={({ currentTarget }) => change({ hasRange: currentTarget.checked })}
            />
            {draft.hasRange ? (
              <div className="form-line">
                <TextInput
                  aria-label={t('search.from')}
                  w={110}
                  value={draft.from}
                  onChange={({ currentTarget }) => change({ from: currentTarget.value })}
                />
                <span>–</span>
                <TextInput
                  aria-label={t('search.to')}
                  w={110}
                  value={draft.to}
                  onChange={({ currentTarget }) => change({ to: currentTarget.value })}
                />
                {faults.includes('range') ? <span className="form-fault">{t('search.rangeFault', { last })}</span> : null}
              </div>
            ) : (
              <p className="hint">{serials.length === 0 ? t('search.allAddresses', { last }) : t('search.serialsOnly')}</p>
            )}
          </div>
          <Checkbox
            label={t('search.thorough')}
            description={t('search.thoroughHint')}
            checked={draft.isThorough}
            onChange={({ currentTarget }) => change({ isThorough: currentTarget.checked })}
          />
        </Section>
      </div>
      <div className="page-columns-main">
        <Section title={t('search.plan')} className="search-plan">
          <div aria-live="polite">
            <ProgressLine isLoading={plan.isLoading} />
            {request === null ? (
              <p className="verdict dim">{t('search.planNeeds')}</p>
            ) : plan.error !== null && !plan.isLoading ? (
              <ErrorNotice error={plan.error} />
            ) : plan.data === null || !isCurrent ? (
              <p className="verdict dim">{t('search.planning')}</p>
            ) : (
              <Plan plan={plan.data} />
            )}
          </div>
          {start.error === null ? null : start.error.code === 'api/conflict' ? (
            <Notice kind="attention">{t('search.lineBusy')}</Notice>
          ) : (
            <ErrorNotice error={start.error} />
          )}
          <div className="form-actions">
            <Button
              type="submit"
              data-testid="search-start"
              disabled={!isCurrent || plan.data === null || plan.error !== null}
              loading={start.isBusy}
            >
              {t('search.start')}
            </Button>
          </div>
        </Section>
        {children}
      </div>
    </form>
  );
}

function Plan({ plan }: { readonly plan: SearchPlan }) {
  const { t, numbers } = useLocale();
  return (
    <>
      <p className="verdict">
        {t('search.planTotal', {
          count: plan.exchanges,
          exchanges: formatCount(plan.exchanges, numbers),
          time: durationText(plan.seconds, t),
        })}
      </p>
      {plan.settings.length < 2 ? null : (
        <table className="plain wide">
          <thead>
            <tr>
              <th scope="col">{t('search.setting')}</th>
              <th scope="col" className="number">
                {t('search.addresses')}
              </th>
              <th scope="col" className="number">
                {t('search.longest')}
              </th>
            </tr>
          </thead>
          <tbody>
            {plan.settings.map((one) => (
              <tr key={one.setting}>
                <td>
                  <code>{one.setting}</code>
                </td>
                <td className="number">{formatCount(one.addresses, numbers)}</td>
                <td className="number">{durationText(one.seconds, t)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="hint">{t('search.planNote')}</p>
    </>
  );
}
