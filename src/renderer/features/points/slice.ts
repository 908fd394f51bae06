import { createResource } from '../../client/resource.ts';
import type { Services } from '../../client/services.ts';

/** Substations with their points: the tree of Consumption and what the palette searches. */
export const createTreeSlice = (services: Services) => createResource(services, 'points.tree');

/** One quantity of a point over days and years. */
export const createHistorySlice = (services: Services) => createResource(services, 'live.history');

/** One point's page. */
export const createPointSlice = (services: Services) => createResource(services, 'points.get');
