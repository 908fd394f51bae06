import { createResource } from '../../client/resource.ts';
import type { Services } from '../../client/services.ts';
import { createLongResource } from '../../client/works.ts';

export const createPackagesSlice = (services: Services) => createResource(services, 'packages.list');
export const createPackageSlice = (services: Services) => createResource(services, 'packages.get');
export const createCalendarSlice = (services: Services) => createResource(services, 'packages.calendar');
export const createPreviewSlice = (services: Services) => createLongResource(services, 'packages.preview');
export const createExportSettingsSlice = (services: Services) => createResource(services, 'settings.get');
export const createJobsSlice = (services: Services) => createResource(services, 'jobs.list');
export const createJobLogSlice = (services: Services) => createResource(services, 'jobs.log');

/** Packages are few a day: one page holds months of them. */
export const PACKAGES_SHOWN = { offset: 0, limit: 1000 };
