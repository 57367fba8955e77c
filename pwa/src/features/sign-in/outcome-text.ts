/** What somebody is told who comes back from the identity provider and is not signed in. */

const ASK = 'Ask the clinic to look into it.'

const texts: Readonly<Record<string, string>> = {
  'provider-refused': 'You were not signed in there. Try again, or sign in another way.',
  'provider-unavailable': 'Signing in there does not work right now. Try again in a while.',
  'sign-in-lapsed': 'That took too long, or was begun in another window. Try again.',
  'role-missing': `Your account there is not meant for this app yet. ${ASK}`,
  'account-missing': 'There is no account for you here yet. Ask the clinic for one.',
  'account-inactive': `Your account here is not in use. ${ASK}`,
  'account-conflict': `Your account there does not fit the one that is here. ${ASK}`,
  'email-unverified': `Your email address is not confirmed there, and an account here has it. ${ASK}`,
  'profile-incomplete': `Your account there has no name. ${ASK}`,
  'other-person': 'This device holds another person’s messages. They have to sign out first.',
  unreachable: 'The server cannot be reached. Check the connection and try again.',
}

/** @param outcome an error code of the server, or what the device found */
export const outcomeText = (outcome: string): string =>
  texts[outcome] ?? 'Signing in did not work. Try again.'
