import { createHash } from 'node:crypto';
import type { OnecKind, Settings } from '../../../src/shared/api/settings.ts';
import { DEFAULT_SETTINGS } from '../../../src/shared/api/settings.ts';
import type { Channel } from '../../../src/shared/domain/channel.ts';
import type { SourcedInterval } from '../../../src/shared/domain/interval.ts';
import type { PackageAck, PackageContent, PackageRecord, PackageState, SentDay } from '../../../src/shared/domain/package.ts';
import type { Plant } from '../../../src/shared/domain/plant.ts';
import type { Replacement } from '../../../src/shared/domain/replacement.ts';
import type { RegisterReading } from '../../../src/shared/domain/register.ts';
import type { PackageFields, PackageStore, RefusedAck } from '../../../src/main/export/onec/package-store.ts';
import type { ExportSource, KeptRegister } from '../../../src/main/export/onec/row.ts';
import type { RegisterLimits } from '../../../src/main/metering/registers.ts';

export const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  site: { name: 'Завод', code: 'ZAVOD1', inn: '7701234567', kpp: '770101001', timeZone: 'Europe/Moscow' },
};

/** Stored figures by meter id, as plain arrays. */
export class MemorySource implements ExportSource {
  site: Plant;
  registerLimits?: (pointId: number) => RegisterLimits;
  readonly profile = new Map<number, SourcedInterval[]>();
  readonly readings = new Map<number, RegisterReading[]>();
  readonly keeps = new Map<number, { readonly channels: readonly Channel[]; readonly registers: readonly KeptRegister[] }>();
  readonly replaced: Replacement[] = [];

  constructor(site: Plant) {
    this.site = site;
  }

  plant(): Plant {
    return this.site;
  }

  intervals(meterId: number, fromUtc: number, toUtc: number): readonly SourcedInterval[] {
    return (this.profile.get(meterId) ?? []).filter(({ startUtc }) => startUtc >= fromUtc && startUtc < toUtc);
  }

  registers(meterId: number, fromUtc: number, toUtc: number): readonly RegisterReading[] {
    return (this.readings.get(meterId) ?? []).filter(({ momentUtc }) => momentUtc >= fromUtc && momentUtc <= toUtc);
  }

  keptChannels(meterId: number): readonly Channel[] {
    return this.keeps.get(meterId)?.channels ?? [];
  }

  keptRegisters(meterId: number): readonly KeptRegister[] {
    return this.keeps.get(meterId)?.registers ?? [];
  }

  replacements(pointId: number, fromUtc: number, toUtc: number): readonly Replacement[] {
    return this.replaced.filter((one) => one.pointId === pointId && one.startUtc >= fromUtc && one.startUtc < toUtc);
  }
}

export class MemoryStore implements PackageStore {
  readonly records: PackageRecord[] = [];
  readonly sent = new Map<number, SentDay[]>();
  readonly pruned = new Set<number>();
  refused: RefusedAck[] = [];

  reserve(fields: PackageFields, floor: number): PackageRecord {
    const number = Math.max(this.highestNumber(fields.receiver), floor) + 1;
    const id = this.records.length + 1;
    const record: PackageRecord = { ...fields, id, number, state: 'made', error: null, content: null, deliveredUtc: null, ack: null };
    this.records.push(record);
    return record;
  }

  begin(id: number): void {
    this.sent.delete(id);
  }

  remember(id: number, sent: readonly SentDay[]): void {
    this.sent.set(id, [...(this.sent.get(id) ?? []), ...sent]);
  }

  complete(id: number, content: PackageContent): void {
    this.#change(id, { content });
  }

  setState(id: number, state: PackageState, error: string | null, atUtc: number): void {
    const { deliveredUtc = null } = this.get(id) ?? {};
    this.#change(id, { state, error, deliveredUtc: deliveredUtc ?? (state === 'delivered' ? atUtc : null) });
  }

  unfinished(receiver: string): readonly PackageRecord[] {
    return this.records.filter((record) => record.receiver === receiver && (record.state === 'made' || record.state === 'failed'));
  }

  get(id: number): PackageRecord | null {
    return this.records.find((record) => record.id === id) ?? null;
  }

  byNumber(receiver: string, number: number): PackageRecord | null {
    return this.records.find((record) => record.receiver === receiver && record.number === number) ?? null;
  }

  highestNumber(receiver: string): number {
    return Math.max(0, ...this.records.filter((record) => record.receiver === receiver).map(({ number }) => number));
  }

  sentBefore(receiver: string, kind: OnecKind, pointCode: string, { from, to }: { from: string; to: string }, below: number): SentDay[] {
    const last = new Map<string, SentDay>();
    for (const record of this.records) {
      if (record.receiver !== receiver || record.kind !== kind || record.content === null || record.number >= below) continue;
      for (const sent of this.sent.get(record.id) ?? []) {
        if (sent.key.startsWith(`${pointCode};`) && sent.day >= from && sent.day <= to) last.set(`${sent.key} ${sent.day}`, sent);
      }
    }
    return [...last.values()];
  }

  lastFull(receiver: string, kind: OnecKind, from: string, to: string): string | null {
    const same = this.records.filter((one) => one.receiver === receiver && one.kind === kind && one.from === from && one.to === to);
    return same.filter(({ mode, content }) => mode === 'full' && content !== null).at(-1)?.packId ?? null;
  }

  saveAck(id: number, ack: PackageAck): void {
    this.#change(id, { ack, state: ack.status, error: null });
  }

  refusedAcks(receiver: string): readonly RefusedAck[] {
    return this.refused.filter((one) => one.receiver === receiver);
  }

  saveRefusedAck(refused: RefusedAck): void {
    this.dropRefusedAck(refused.receiver, refused.folder, refused.file);
    this.refused.push(refused);
  }

  dropRefusedAck(receiver: string, folder: string, file: string): void {
    this.refused = this.refused.filter((one) => one.receiver !== receiver || one.folder !== folder || one.file !== file);
  }

  prunable(receiver: string, beforeUtc: number): readonly PackageRecord[] {
    return this.records.filter(
      (one) => one.receiver === receiver && one.state === 'accepted' && one.createdUtc < beforeUtc && !this.pruned.has(one.id),
    );
  }

  markPruned(id: number): void {
    this.pruned.add(id);
  }

  #change(id: number, over: Partial<PackageRecord>): void {
    const index = this.records.findIndex((record) => record.id === id);
    const record = this.records[index];
    if (record === undefined) throw new Error(`no package ${id}`);
    this.records[index] = { ...record, ...over };
  }
}

/** What a loader on the 1C side makes of a data file: split and nothing else (onec.md 5). */
export function readStrictly(bytes: Uint8Array, encoding = 'windows-1251'): Record<string, string>[] {
  const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  if (!text.endsWith('\r\n')) throw new Error('the last line has no end');
  const [header = '', ...lines] = text.slice(0, -2).split('\r\n');
  const names = header.split(';');
  return lines.map((line) => {
    const cells = line.split(';');
    if (cells.length !== names.length) throw new Error(`${cells.length} cells instead of ${names.length}: ${line}`);
    if (/["\r\n\t]/.test(line)) throw new Error(`a character that is not allowed: ${line}`);
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

export function readFlagFile(bytes: Uint8Array): Record<string, string> {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  return Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** Sum of printed figures in thousandths, by splitting text alone. */
export function sumOfPrinted(figures: readonly string[]): bigint {
  return figures.filter((figure) => figure !== '').reduce((sum, figure) => sum + BigInt(figure.replace(',', '')), 0n);
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
