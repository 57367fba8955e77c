import { noRounds, type ShellView } from '@wardline/core/client/model/views'

/** A device that nobody has signed in on. */
export const nobody: ShellView = {
  me: null,
  connection: { phase: 'signed-out' },
  waiting: 0,
  chats: [],
  storageProblem: null,
  online: [],
  rounds: noRounds,
}
