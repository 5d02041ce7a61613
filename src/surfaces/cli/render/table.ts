import { bold, fit, pad, type Style, textWidth } from '../terminal.ts';

/** A column of a table; the cells are already safe, single lines. */
export interface Column {
  title: string;
  cells: string[];
  /** Gives way when the table is wider than the terminal. */
  flexible?: boolean;
}

const GAP = '  ';
const LEAST = 12;

/** Lines of a table whose columns stand under each other; the flexible columns are cut to the width. */
export function tableLines(columns: Column[], style: Style): string[] {
  const shown = columns.filter(column => column.cells.some(cell => cell !== ''));
  const first = shown[0];
  if (!first) return [];
  const widths = shown.map(({ title, cells }) => Math.max(textWidth(title), ...cells.map(textWidth)));
  shrink(shown, widths, style.width);
  const line = (cells: string[]) =>
    cells
      .map((cell, index) => pad(fit(cell, widths[index]!), widths[index]!))
      .join(GAP)
      .trimEnd();
  const rows = first.cells.map((_, row) => line(shown.map(column => column.cells[row]!)));
  return [bold(line(shown.map(column => column.title.toUpperCase())), style), ...rows];
}

function shrink(columns: Column[], widths: number[], width: number): void {
  const total = () => widths.reduce((sum, each) => sum + each, 0) + GAP.length * (widths.length - 1);
  for (const index of widths.keys()) {
    if (!columns[index]!.flexible) continue;
    const over = total() - width;
    if (over > 0) widths[index] = Math.max(Math.min(LEAST, widths[index]!), widths[index]! - over);
  }
}
