import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AppError, asAppError } from '../../../shared/api/errors.ts';
import type { InventoryItem } from '../../../shared/api/meters.ts';
import type { DecodedField } from '../../../shared/api/methods.ts';
import { INVENTORY_GROUP_ORDER } from '../../../shared/i18n/meter-items.ts';
import { createResource } from '../../client/resource.ts';
import type { Services } from '../../client/services.ts';

export const createAuditSlice = (services: Services) => createResource(services, 'meter.audit');
export const createInventorySlice = (services: Services) => createResource(services, 'meter.inventory');
export const createHistorySlice = (services: Services) => createResource(services, 'points.history');
export const createStrangersSlice = (services: Services) => createResource(services, 'strangers.list');
export const createWritesSlice = (services: Services) => createResource(services, 'writes.list');

/** What one item of the inventory answered, or why it did not. */
export interface ItemReading {
  readonly at: string | null;
  readonly fields: readonly DecodedField[];
  readonly error: AppError | null;
}

export interface InventoryReadings {
  /** Point that `byKey` belongs to. */
  readonly pointId: number | null;
  readonly byKey: Readonly<Record<string, ItemReading>>;
  /** The reading of several items that is under way. */
  readonly run: { readonly done: number; readonly total: number; readonly key: string } | null;
  /** Another meter is looked at: what was read of the last one goes. */
  choose(pointId: number): void;
  /** Reads one after another: a meter answers one question at a time. Does nothing while another reading runs. */
  read(keys: readonly string[]): Promise<void>;
  /** Ends after the item in work. */
  cancel(): void;
}

/** What was read of the meter that is looked at, while the page is open. */
export function createReadingsSlice({ client }: Services): StoreApi<InventoryReadings> {
  let isCancelled = false;
  return createStore<InventoryReadings>()((set, get) => ({
    pointId: null,
    byKey: {},
    run: null,
    choose: (pointId) => {
      if (get().pointId === pointId) return;
      isCancelled = true;
      set({ pointId, byKey: {}, run: null });
    },
    read: async (keys) => {
      const { pointId } = get();
      if (pointId === null || get().run !== null) return;
      isCancelled = false;
      for (const [done, key] of keys.entries()) {
        set({ run: { done, total: keys.length, key } });
        const reading = await readItem(pointId, key);
        if (get().pointId !== pointId) return;
        set({ byKey: { ...get().byKey, [key]: reading } });
        if (isCancelled) break;
      }
      set({ run: null });
    },
    cancel: () => {
      isCancelled = true;
    },
  }));

  async function readItem(pointId: number, key: string): Promise<ItemReading> {
    try {
      const { at, fields } = await client.call('meter.read', { pointId, key });
      return { at, fields, error: null };
    } catch (error) {
      return { at: null, fields: [], error: asAppError(error) };
    }
  }
}

export interface InventoryGroup {
  readonly group: string;
  readonly items: readonly InventoryItem[];
}

/** By group, in the order of the groups' texts; groups of a newer server come last. */
export function groupItems(items: readonly InventoryItem[]): InventoryGroup[] {
  const groups = new Map<string, InventoryItem[]>();
  for (const item of items) groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
  const rank = (group: string) => {
    const at = INVENTORY_GROUP_ORDER.indexOf(group);
    return at < 0 ? INVENTORY_GROUP_ORDER.length : at;
  };
  return [...groups].map(([group, members]) => ({ group, items: members })).sort((a, b) => rank(a.group) - rank(b.group));
}
