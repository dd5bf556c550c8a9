/** Cuts the wanted rows into batches: one start of vitest each, with its own part of the size and its own seed. Pure. */
import type { FaultRow, FaultRun } from "../../test/faults/size.ts";
import { projectOfFile } from "../vitest-run/project-of-file.ts";
import { type MatrixRow, rowOfFile } from "./rows.ts";

/** 2³² ÷ the golden ratio: seeds of neighbouring parts have nothing in common. */
const SEED_STEP = 0x9e3779b1;

export interface Batch {
  /** The same for the same part of the same size: what a resumed run finds its results by. */
  readonly key: string;
  readonly label: string;
  readonly rows: readonly FaultRow[];
  readonly project: string;
  readonly files: readonly string[];
  readonly run: FaultRun;
}

/** One batch a project, with all rows in it. */
export function quickBatches(rows: readonly MatrixRow[], files: readonly string[], seed: number): Batch[] {
  const run: FaultRun = { size: "quick", seed, share: 1 };
  return byProject(filesOfRows(rows, files)).map(([project, own]) => ({
    key: `quick ${project}`,
    label: project,
    rows: rows.map(({ row }) => row).filter((row) => own.some((file) => rowOfFile(file) === row)),
    project,
    files: own,
    run,
  }));
}

/** @param share of the full size that all parts do together. */
export function fullBatches(rows: readonly MatrixRow[], files: readonly string[], seed: number, share: number): Batch[] {
  return rows.flatMap((matrixRow) => {
    const { row } = matrixRow;
    const parts = Math.max(1, Math.round(matrixRow.parts * share));
    const projects = byProject(filesOfRows([matrixRow], files));
    return Array.from({ length: parts }, (_, part) =>
      projects.map(([project, own]): Batch => {
        const run: FaultRun = { size: "full", seed: seedOfPart(seed, part), share: share / parts };
        const label = `${row} ${part + 1}/${parts}`;
        return { key: `${label} of ${share} ${project}`, label, rows: [row], project, files: own, run };
      }),
    ).flat();
  });
}

export function seedOfPart(seed: number, part: number): number {
  return (seed + part * SEED_STEP) >>> 0;
}

function filesOfRows(rows: readonly MatrixRow[], files: readonly string[]): readonly string[] {
  return files.filter((file) => rows.some(({ row }) => row === rowOfFile(file)));
}

function byProject(files: readonly string[]): [string, string[]][] {
  return [...Map.groupBy(files, projectOfFile)];
}
