import type { Roster } from '../domain/roster.ts';

/** Gives the compiled settings in force; one cheap version read a call, so that a confirmed change governs the next event. */
export interface RosterSource {
  current(): Promise<Roster>;
}
