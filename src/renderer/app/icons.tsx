import type { Screen } from './routes.ts';

/** Outlines of 16 px for the rail. */
const PATHS: Readonly<Record<Exclude<Screen, 'points' | 'search' | 'training' | 'supplier'>, string>> = {
  overview: 'M2 2h5v6H2zM9 2h5v3.5H9zM9 8h5v6H9zM2 10.5h5V14H2z',
  live: 'M1 8h3l2-5 3.5 10L12 8h3',
  consumption: 'M2 14V8M6 14V3M10 14V6M14 14V10M1 14h14',
  completeness:
    'M2 2h3.3v3.3H2zM6.3 2h3.4v3.3H6.3zM10.7 2H14v3.3h-3.3zM2 6.3h3.3v3.4H2zM6.3 6.3h3.4v3.4H6.3zM2 10.7h3.3V14H2zM6.3 10.7h3.4V14H6.3zM10.7 10.7H14V14h-3.3z',
  closing: 'M2 3.5h12v10H2zM2 6.5h12M5 2v3M11 2v3M5.2 10l2 2 3.6-3.8',
  reports: 'M3 1.5h7l3 3v10H3zM10 1.5v3h3M5.5 8h5M5.5 11h5',
  packages: 'M2 4.5 8 1.5l6 3v7l-6 3-6-3zM2 4.5l6 3 6-3M8 7.5v7',
  events: 'M5 3.5h9M5 8h9M5 12.5h9M2 2.8v1.4M2 7.3v1.4M2 11.8v1.4',
  setup: 'M2 4h7M13 4h1M2 8h2M8 8h6M2 12h6M12 12h2M11 2.5v3M6 6.5v3M10 10.5v3',
  system: 'M2 2.5h12v7H2zM5 13.5h6M8 9.5v4',
};

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
