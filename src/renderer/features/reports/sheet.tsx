import type { ReportCell, ReportColumn, ReportRow, ReportSection, ReportSheet } from '../../../shared/api/reports.ts';
import type { Language } from '../../../shared/i18n/language.ts';
import { cellText } from '../../../shared/i18n/reports/print.ts';
import { useLocale } from '../../ui/locale.ts';

/** A report as it lies on paper: head, tables, notes, lines to sign on. */
export function Sheet({ sheet }: { readonly sheet: ReportSheet }) {
  return (
    <article className="paper" data-testid="report-sheet">
      <h2>{sheet.title}</h2>
      <dl className="paper-facts">
        {sheet.head.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}:</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {sheet.sections.map((section, index) => (
        <SheetSection key={`${index}-${section.name}`} section={section} signatures={sheet.signatures} />
      ))}
    </article>
  );
}

function SheetSection({ section, signatures }: { readonly section: ReportSection; readonly signatures: ReportSheet['signatures'] }) {
  return (
    <section className="paper-section" aria-label={section.heading ?? section.name}>
      {section.heading === null ? null : <h3>{section.heading}</h3>}
      {section.facts.map(({ label, value }) => (
        <p key={label} className="paper-fact">
          <span className="dim">{label}:</span> {value}
        </p>
      ))}
      {section.rows.length === 0 ? null : <SheetTable columns={section.columns} rows={section.rows} />}
      {section.results.map(({ label, value }) => (
        <p key={label} className="paper-fact">
          <span className="dim">{label}:</span> <strong>{value}</strong>
        </p>
      ))}
      {section.notes.map((note) => (
        <p key={note} className="paper-note">
          {note}
        </p>
      ))}
      <div className="paper-signatures">
        {signatures.map(({ position, name }) => (
          <p key={position}>
            <span>{position}</span>
            <span className="paper-line" aria-hidden="true" />
            <span>{name}</span>
          </p>
        ))}
      </div>
    </section>
  );
}

function SheetTable({ columns, rows }: { readonly columns: readonly ReportColumn[]; readonly rows: readonly ReportRow[] }) {
  const { t, language } = useLocale();
  return (
    <div className="paper-scroll" tabIndex={0}>
      <table className="paper-table">
        <thead>
          <tr>
            {columns.map(({ title, unit, width }, index) => (
              <th key={`${index}-${title}`} scope="col">
                <span className="paper-name" style={{ maxWidth: `${width + 1}ch` }}>
                  {title}
                </span>
                {unit === null ? null : <span className="paper-unit">{unit}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) =>
            row.kind === 'group' ? (
              <tr key={index} className="paper-group">
                <th colSpan={columns.length} scope="rowgroup">
                  {row.cells[0]?.value}
                </th>
              </tr>
            ) : (
              <tr key={index} className={row.kind === 'data' ? undefined : 'paper-total'}>
                {columns.map((column, at) => {
                  const cell = row.cells[at] ?? EMPTY;
                  const mark = cell.mark === null ? undefined : t(`reports.mark.${cell.mark}`);
                  return (
                    <td key={`${at}-${column.title}`} className={classOf(cell, column)} title={mark}>
                      {shown(cell, column, language)}
                    </td>
                  );
                })}
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

const EMPTY: ReportCell = { value: null, mark: null };

function shown(cell: ReportCell, column: ReportColumn, language: Language): string {
  return cellText(cell, column, language);
}

function classOf({ mark }: ReportCell, { kind }: ReportColumn): string | undefined {
  const classes = [...(kind === 'number' ? ['number'] : kind === 'text' ? [] : ['centre']), ...(mark === null ? [] : [`mark-${mark}`])];
  return classes.length === 0 ? undefined : classes.join(' ');
}
