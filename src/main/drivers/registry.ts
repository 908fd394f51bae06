import { AppError } from '../../shared/api/errors.ts';
import type { DriverId } from '../../shared/domain/point.ts';
import type { MeterDriver } from './driver.ts';
import type { Counting, DriverTable } from './driver-table.ts';
import { mercury200 } from './mercury-200/driver.ts';
import { MERCURY_200_TABLE } from './mercury-200/table.ts';
import { mercury23x } from './mercury-23x/driver.ts';
import { MERCURY_23X_TABLE } from './mercury-23x/table.ts';

/** Every driver of the product. A new family is a folder and a line here. */
export const DRIVERS: ReadonlyMap<DriverId, MeterDriver> = new Map([mercury23x, mercury200].map((driver) => [driver.id, driver]));

/** What each driver reads, for the checks over all of them. */
export const DRIVER_TABLES: ReadonlyMap<DriverId, DriverTable> = new Map([
  [mercury23x.id, MERCURY_23X_TABLE],
  [mercury200.id, MERCURY_200_TABLE],
]);

/** Throws `bug` for a driver without a table. */
export function countingOf(driver: DriverId): Counting {
  const table = DRIVER_TABLES.get(driver);
  if (table === undefined) throw new AppError('bug', `The driver ${driver} has no table`);
  return table.counting;
}
