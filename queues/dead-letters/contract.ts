/** What peers may ask of the dead letters: those that name a person. */
import type { PersonalData } from "../../workers/shared/privacy.ts";

export type DeadLettersApi = PersonalData;
