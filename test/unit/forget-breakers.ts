/** Files share a process: what one of them made fail eight times in a row would be refused to the next. */
import { forgetBreakers } from "../../workers/shared/call-peer.ts";

forgetBreakers();
