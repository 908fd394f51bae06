import type { DriverTable } from '../driver-table.ts';

/** What the driver reads: one row a figure, rows of one command fill from one exchange. No shifts and no arithmetic here. */
export const BLUEPRINT_TABLE: DriverTable = {
  rows: [
    {
      key: 'register.A+',
      obis: '1-0:1.8.0*255',
      command: 'energy',
      offset: 0,
      format: 'E4',
      scale: 0,
      unit: 'Wh',
      accessLevel: 1,
      source: 'document, edition, section',
    },
  ],
  commands: ['serial-number', 'energy'],
  formats: ['E4'],
  counting: { constants: [], registerStepWh: 1 },
};
