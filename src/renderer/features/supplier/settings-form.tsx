import { Button, Checkbox, MultiSelect, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { CHANNEL_CODES, type ChannelCode, MAIL_SECURITIES, type Xml80020Settings, xml80020 } from '../../../shared/api/settings-80020.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice } from '../../ui/notices.tsx';
import { PageBody, Section } from '../../ui/page.tsx';
import { MailForm } from './mail-form.tsx';
import { createSettingsSlice } from './slice.ts';

const CHANNEL_LABELS: Readonly<Record<ChannelCode, string>> = { '01': 'A+ (01)', '02': 'A− (02)', '03': 'R+ (03)', '04': 'R− (04)' };
const NAME_FIELDS = ['class', 'inn', 'day', 'number', 'aiis', 'area'].map((field) => `{${field}}`).join(' ');

/** What the recipient of the supplier's file wants and how it gets to him. */
export function SupplierForm() {
  const { t } = useLocale();
  const { client } = useServices();
  const { data, error, load } = useResource(createSettingsSlice, {});
  const [draft, setDraft] = useState<Xml80020Settings | null>(null);
  useEffect(() => setDraft((before) => before ?? data?.xml80020 ?? null), [data]);
  const save = useAction(async (next: Xml80020Settings) => {
    // The settings are replaced as a whole: what another person has changed meanwhile must stay.
    const now = await client.call('settings.get', {});
    setDraft((await client.call('settings.set', { ...now, xml80020: next })).xml80020);
    await load({});
  });
  if (draft === null) return error === null ? null : <ErrorNotice error={error} />;
  const checked = xml80020.safeParse(draft);
  const faulty = new Set(checked.success ? [] : checked.error.issues.map((issue) => issue.path.join('.')));
  const change = (part: Partial<Xml80020Settings>) => {
    save.reset();
    setDraft({ ...draft, ...part });
  };
  const { sender, area, delivery } = draft;
  const setDelivery = (part: Partial<Xml80020Settings['delivery']>) => change({ delivery: { ...delivery, ...part } });
  const isSaved = JSON.stringify(draft) === JSON.stringify(data?.xml80020);
  return (
    <PageBody className="form">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save.run(draft);
        }}
      >
        <Section title={t('supplierForm.sender')}>
          <Row>
            <TextInput
              label={t('supplierForm.inn')}
              value={sender.inn}
              error={faulty.has('sender.inn') ? t('supplierForm.innFault') : null}
              onChange={({ currentTarget }) => change({ sender: { ...sender, inn: currentTarget.value.trim() } })}
            />
            <TextInput
              label={t('supplierForm.name')}
              value={sender.name}
              maxLength={200}
              onChange={({ currentTarget }) => change({ sender: { ...sender, name: currentTarget.value } })}
            />
          </Row>
        </Section>
        <Section title={t('supplierForm.area')}>
          <Row>
            <TextInput
              label={t('supplierForm.areaCode')}
              description={t('supplierForm.areaCodeHint')}
              value={area.inn}
              error={faulty.has('area.inn') ? t('supplierForm.areaCodeFault') : null}
              onChange={({ currentTarget }) => change({ area: { ...area, inn: currentTarget.value.trim() } })}
            />
            <TextInput
              label={t('supplierForm.aiisCode')}
              description={t('supplierForm.aiisHint')}
              value={draft.aiisCode}
              error={faulty.has('aiisCode') ? t('supplierForm.areaCodeFault') : null}
              onChange={({ currentTarget }) => change({ aiisCode: currentTarget.value.trim() })}
            />
          </Row>
          <TextInput
            className="form-field"
            label={t('supplierForm.areaName')}
            value={area.name}
            maxLength={200}
            onChange={({ currentTarget }) => change({ area: { ...area, name: currentTarget.value } })}
          />
        </Section>
        <Section title={t('supplierForm.content')} note={t('supplierForm.contentNote')}>
          <Row>
            <Choice
              label={t('supplierForm.messageClass')}
              options={[
                ['80020', '80020'],
                ['80040', '80040'],
              ]}
              value={draft.messageClass}
              onChange={(messageClass) => change({ messageClass })}
            />
            <MultiSelect
              size="xs"
              label={t('supplierForm.channels')}
              data={CHANNEL_CODES.map((value) => ({ value, label: CHANNEL_LABELS[value] }))}
              value={draft.channels}
              onChange={(values) => change({ channels: CHANNEL_CODES.filter((code) => values.includes(code)) })}
            />
          </Row>
          <Row>
            <Choice
              label={t('supplierForm.marketZone')}
              options={[
                ['1', t('supplierForm.zone1')],
                ['3', t('supplierForm.zone3')],
              ]}
              value={draft.marketZone === 3 ? '3' : '1'}
              onChange={(zone) => change({ marketZone: zone === '3' ? 3 : 1 })}
            />
            <Choice
              label={t('supplierForm.time')}
              options={[
                ['market', t('supplierForm.market')],
                ['local', t('supplierForm.local')],
              ]}
              value={draft.time}
              onChange={(time) => change({ time })}
            />
          </Row>
          <Row>
            <Choice
              label={t('supplierForm.missing')}
              options={[
                ['hold', t('supplierForm.hold')],
                ['replacement', t('supplierForm.replacement')],
                ['zero', t('supplierForm.zero')],
              ]}
              value={draft.missing}
              onChange={(missing) => change({ missing })}
            />
            <Choice
              label={t('supplierForm.hourlyMeters')}
              options={[
                ['refuse', t('supplierForm.refuse')],
                ['halves', t('supplierForm.halves')],
              ]}
              value={draft.hourlyMeters}
              onChange={(hourlyMeters) => change({ hourlyMeters })}
            />
          </Row>
          {draft.missing === 'zero' ? <Notice kind="attention">{t('supplierForm.zeroWarning')}</Notice> : null}
          <Row>
            <Choice
              label={t('supplierForm.rounding')}
              options={[
                ['carry-month', t('supplierForm.carry-month')],
                ['none', t('supplierForm.none')],
              ]}
              value={draft.rounding}
              onChange={(rounding) => change({ rounding })}
            />
            <Row>
              <Whole
                label={t('supplierForm.decimals')}
                min={0}
                max={3}
                value={draft.decimals}
                onChange={(decimals) => change({ decimals: decimals ?? 0 })}
              />
              <Choice
                label={t('supplierForm.daylightSaving')}
                options={[
                  ['0', '0'],
                  ['1', '1'],
                ]}
                value={draft.daylightSaving === 1 ? '1' : '0'}
                onChange={(mark) => change({ daylightSaving: mark === '1' ? 1 : 0 })}
              />
            </Row>
          </Row>
        </Section>
        <Section title={t('supplierForm.naming')}>
          <Row>
            <TextInput
              label={t('supplierForm.nameTemplate')}
              description={t('supplierForm.nameHint', { fields: NAME_FIELDS })}
              value={draft.nameTemplate}
              error={isTemplate(draft.nameTemplate) ? null : t('supplierForm.nameFault')}
              onChange={({ currentTarget }) => change({ nameTemplate: currentTarget.value })}
            />
            <Whole
              label={t('supplierForm.firstNumber')}
              description={t('supplierForm.firstNumberHint')}
              min={1}
              max={999_999_999}
              value={draft.firstNumber}
              onChange={(firstNumber) => change({ firstNumber: firstNumber ?? 1 })}
            />
          </Row>
          <p className="dim">{t('supplierForm.example', { name: exampleName(draft) })}</p>
          <Checkbox
            label={t('supplierForm.isZipped')}
            checked={draft.isZipped}
            onChange={({ currentTarget }) => change({ isZipped: currentTarget.checked })}
          />
        </Section>
        <Section title={t('supplierForm.delivery')}>
          <Row>
            <TextInput
              label={t('supplierForm.folder')}
              description={t('supplierForm.folderHint')}
              placeholder="\\server\energy\out"
              value={delivery.folder ?? ''}
              onChange={({ currentTarget }) => setDelivery({ folder: currentTarget.value.trim() === '' ? null : currentTarget.value })}
            />
            <TextInput
              label={t('supplierForm.deadline')}
              description={'\u00a0'}
              value={draft.deadline}
              maxLength={5}
              error={faulty.has('deadline') ? t('supplierForm.deadlineFault') : null}
              onChange={({ currentTarget }) => change({ deadline: currentTarget.value })}
            />
          </Row>
          <MailForm mail={delivery.mail} faulty={faulty} securities={MAIL_SECURITIES} onChange={(mail) => setDelivery({ mail })} />
        </Section>
        <Section title={t('supplierForm.sign')} note={t('supplierForm.signNote')}>
          <Textarea
            size="xs"
            autosize
            minRows={2}
            label={t('supplierForm.signCommand')}
            description={t('supplierForm.signHint', { placeholder: '{file}' })}
            value={(draft.signCommand ?? []).join('\n')}
            onChange={({ currentTarget }) => change({ signCommand: linesOf(currentTarget.value) })}
          />
        </Section>
        <Section title={t('supplierForm.replies')}>
          <Row>
            <TextInput
              label={t('supplierForm.repliesFolder')}
              description={t('supplierForm.repliesHint')}
              value={delivery.repliesFolder ?? ''}
              onChange={({ currentTarget }) =>
                setDelivery({ repliesFolder: currentTarget.value.trim() === '' ? null : currentTarget.value })
              }
            />
            <Whole
              label={t('supplierForm.replyWithinH')}
              description={t('supplierForm.replyHint')}
              min={1}
              max={720}
              value={draft.replyWithinH}
              onChange={(replyWithinH) => change({ replyWithinH })}
            />
          </Row>
        </Section>
        {save.error === null ? null : <ErrorNotice error={save.error} />}
        <div className="form-actions supplier-save">
          {save.isDone ? <span className="dim">{t('action.saved')}</span> : null}
          <Button
            type="submit"
            data-testid="supplier-save"
            disabled={!checked.success || isSaved || !isTemplate(draft.nameTemplate)}
            loading={save.isBusy}
          >
            {t('action.save')}
          </Button>
        </div>
      </form>
    </PageBody>
  );
}

function Row({ children }: { readonly children: ReactNode }) {
  return <div className="form-row">{children}</div>;
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly (readonly [value: T, label: string])[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>) {
  return (
    <Select
      label={label}
      data={options.map(([option, text]) => ({ value: option, label: text }))}
      value={value}
      allowDeselect={false}
      onChange={(next) => {
        const found = options.find(([option]) => option === next);
        if (found !== undefined) onChange(found[0]);
      }}
    />
  );
}

interface WholeProps {
  readonly label: string;
  readonly description?: string;
  readonly min: number;
  readonly max: number;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

function Whole({ label, description, min, max, value, onChange }: WholeProps) {
  return (
    <NumberInput
      size="xs"
      label={label}
      {...(description === undefined ? {} : { description })}
      min={min}
      max={max}
      clampBehavior="strict"
      allowDecimal={false}
      value={value ?? ''}
      onChange={(next) => onChange(next === '' ? null : Number(next))}
    />
  );
}

function linesOf(text: string): string[] | null {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.length === 0 ? null : lines;
}

/** The server judges it by the same rules and says so as well. */
function isTemplate(template: string): boolean {
  const fields = [...template.matchAll(/\{([^{}]*)\}/g)].map(([, field = '']) => field);
  const known = ['class', 'inn', 'day', 'number', 'aiis', 'area'];
  const isKnown = fields.every((field) => known.includes(field)) && new Set(fields).size === fields.length;
  return (
    isKnown && fields.includes('day') && fields.includes('number') && !/\}\{/.test(template) && /^[\p{L}\p{N} (){}._-]+$/u.test(template)
  );
}

function exampleName({ nameTemplate, messageClass, sender, area, firstNumber, isZipped }: Xml80020Settings): string {
  const fields: Readonly<Record<string, string>> = {
    class: messageClass,
    inn: sender.inn === '' ? '7701234567' : sender.inn,
    day: '20261121',
    number: String(firstNumber),
    aiis: `${(area.inn === '' ? '5600010901' : area.inn).slice(0, -2)}00`,
    area: area.inn === '' ? '5600010901' : area.inn,
  };
  return `${nameTemplate.replaceAll(/\{([a-z]+)\}/g, (text, field: string) => fields[field] ?? text)}.${isZipped ? 'zip' : 'xml'}`;
}
