/** One thing about settings that hold: where, what is the matter, why it matters and what to do. */
export interface SettingsFinding {
  path: string;
  what: string;
  why: string;
  fix: string;
}
