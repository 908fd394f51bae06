import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { MethodResult } from '../../../shared/api/methods.ts';
import { type BalanceMember, balanceOfSubstation, type BalanceOfSubstation } from '../../../shared/api/report-settings.ts';
import { CHANNELS } from '../../../shared/domain/channel.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useLocale } from '../../ui/locale.ts';
import { Editor } from './editor.tsx';
import { figuresOf, modelOf } from './losses-draft.ts';
import { type TransformerDraft, Transformers } from './transformers.tsx';
import { createAccountsSlice, createReportTreeSlice, typedDecimal, shownDecimal } from './slice.ts';

const CLASSES = ['ct', 'vt', 'line', 'meter'] as const;
const SECTIONS = ['received', 'delivered', 'own-needs'] as const;
const NOTHING: BalanceOfSubstation = { members: [], transformers: [], allowed: null };
/** What most complexes of a workshop have; a person changes it. */
const USUAL = { ct: '0.5', vt: null, line: null, meter: '0.5' };

/** What the balance of a substation is made of, with the classes of its complexes. */
export function BalanceEditor() {
  const { t, numbers } = useLocale();
  const { client } = useServices();
  const tree = useResource(createReportTreeSlice, {});
  const accounts = useResource(createAccountsSlice, {});
  const [substation, setSubstation] = useState<number | null>(null);
  const [draft, setDraft] = useState<BalanceOfSubstation>(NOTHING);
  const [transformers, setTransformers] = useState<readonly TransformerDraft[]>([]);
  const chosen = tree.data?.find(({ id }) => id === substation) ?? tree.data?.[0] ?? null;
  const stored = accounts.data?.balances.find(({ substationId }) => substationId === chosen?.id)?.balance ?? null;
  const storedText = JSON.stringify(stored);
  useEffect(() => {
    setDraft(stored ?? NOTHING);
    setTransformers((stored?.transformers ?? []).map(({ name, pointId, losses }) => ({ name, pointId, figures: figuresOf(losses) })));
  }, [chosen?.id, storedText]);
  const models = transformers.flatMap(({ name, pointId, figures }) => {
    const losses = modelOf('transformer', figures);
    return losses === undefined || name.trim() === '' ? [] : [{ name: name.trim(), pointId, losses }];
  });
  const save = useAction(async () => {
    if (chosen === null) return;
    await client.call('reports.setBalance', {
      substationId: chosen.id,
      balance: draft.members.length === 0 ? null : { ...draft, transformers: models },
    });
    await accounts.load({});
  });
  if (chosen === null || tree.data === null) return null;
  const change = (next: BalanceOfSubstation) => {
    save.reset();
    setDraft(next);
  };
  const setMember = (index: number, part: Partial<BalanceMember>) =>
    change({ ...draft, members: draft.members.map((member, at) => (at === index ? { ...member, ...part } : member)) });
  const free = chosen.points.filter(({ id }) => !draft.members.some((member) => member.pointId === id && member.channel === 'A+'));
  const added = (point: (typeof free)[number]): BalanceMember => ({
    pointId: point.id,
    channel: 'A+',
    section: point.role === 'settlement' ? 'received' : 'delivered',
    ...USUAL,
  });
  const obstacle = !balanceOfSubstation.safeParse({ ...draft, transformers: [] }).success
    ? t('reports.balance.bad')
    : models.length < transformers.length
      ? t('reports.balance.badTransformer')
      : null;
  return (
    <Editor title={t('reports.balance.title')} note={t('reports.balance.note')} obstacle={obstacle} save={save}>
      <div className="report-row">
        <Select
          label={t('reports.substation')}
          data={tree.data.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={String(chosen.id)}
          allowDeselect={false}
          onChange={(value) => setSubstation(Number(value))}
        />
        <TextInput
          label={t('reports.balance.allowed')}
          description={t('reports.balance.allowedHint')}
          value={shownDecimal(draft.allowed, numbers)}
          onChange={({ currentTarget }) => change({ ...draft, allowed: typedDecimal(currentTarget.value) })}
        />
      </div>
      {draft.members.length === 0 ? (
        <p className="verdict">{t('reports.balance.empty')}</p>
      ) : (
        <MemberTable
          tree={tree.data}
          members={draft.members}
          onChange={setMember}
          onRemove={(index) => change({ ...draft, members: draft.members.filter((_, at) => at !== index) })}
        />
      )}
      <div className="report-adds">
        <Button
          variant="default"
          size="compact-sm"
          disabled={free[0] === undefined}
          onClick={() => free[0] !== undefined && change({ ...draft, members: [...draft.members, added(free[0])] })}
        >
          {t('reports.balance.add')}
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          disabled={free.length === 0}
          onClick={() => change({ ...draft, members: [...draft.members, ...free.map(added)] })}
        >
          {t('reports.balance.fill')}
        </Button>
      </div>
      {draft.members.length === 0 ? null : (
        <Transformers
          drafts={transformers}
          points={chosen.points.map(({ id, name, code }) => ({ value: String(id), label: `${name} (${code})` }))}
          onChange={(next) => {
            save.reset();
            setTransformers(next);
          }}
        />
      )}
    </Editor>
  );
}

interface MemberTableProps {
  readonly tree: MethodResult<'points.tree'>;
  readonly members: readonly BalanceMember[];
  readonly onChange: (index: number, part: Partial<BalanceMember>) => void;
  readonly onRemove: (index: number) => void;
}

function MemberTable({ tree, members, onChange, onRemove }: MemberTableProps) {
  const { t, numbers } = useLocale();
  const points = tree.flatMap((substation) =>
    substation.points.map(({ id, name, code }) => ({ value: String(id), label: `${name} (${code})` })),
  );
  return (
    <table className="plain wide" data-testid="table-balance">
      <thead>
        <tr>
          <th scope="col">{t('reports.balance.point')}</th>
          <th scope="col">{t('reports.balance.channel')}</th>
          <th scope="col">{t('reports.balance.section')}</th>
          {CLASSES.map((name) => (
            <th key={name} scope="col">
              {t(`reports.balance.${name}`)}
            </th>
          ))}
          <th />
        </tr>
      </thead>
      <tbody>
        {members.map((member, index) => (
          <tr key={index}>
            <td>
              <Select
                size="xs"
                searchable
                aria-label={t('reports.balance.point')}
                data={points}
                value={String(member.pointId)}
                allowDeselect={false}
                onChange={(value) => onChange(index, { pointId: Number(value) })}
              />
            </td>
            <td className="narrow">
              <Select
                size="xs"
                aria-label={t('reports.balance.channel')}
                data={CHANNELS.map((channel) => ({ value: channel, label: channel.replace('-', '−') }))}
                value={member.channel}
                allowDeselect={false}
                onChange={(value) => onChange(index, { channel: CHANNELS.find((known) => known === value) ?? member.channel })}
              />
            </td>
            <td>
              <Select
                size="xs"
                aria-label={t('reports.balance.section')}
                data={SECTIONS.map((section) => ({ value: section, label: t(`reports.balance.sections.${section}`) }))}
                value={member.section}
                allowDeselect={false}
                onChange={(value) => onChange(index, { section: SECTIONS.find((known) => known === value) ?? member.section })}
              />
            </td>
            {CLASSES.map((name) => (
              <td key={name} className="narrow">
                <TextInput
                  size="xs"
                  aria-label={t(`reports.balance.${name}`)}
                  placeholder="–"
                  value={shownDecimal(member[name], numbers)}
                  onChange={({ currentTarget }) => onChange(index, { [name]: typedDecimal(currentTarget.value) })}
                />
              </td>
            ))}
            <td>
              <ActionIcon variant="subtle" color="gray" aria-label={t('reports.remove')} onClick={() => onRemove(index)}>
                ×
              </ActionIcon>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
