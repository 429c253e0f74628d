/** Keeps a figure beside its floor. */
export type RecordFigure = (name: string, value: number, unit: string, floor: number) => void;
