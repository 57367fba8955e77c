/**
 * Who may do what: operations × roles × how one stands to what it is done to. Everything on the
 * server that depends on a role asks here. `docs/permissions.md` is written from it, and a test
 * walks all of it over HTTP and both sockets.
 */
import type { Role } from '@wardline/core/chat/role'

/**
 * How somebody stands to what they do something to: it is their own (their account, their message, a
 * chat that they begin), they are a member of the chat that it is in, or neither.
 */
export const RELATIONS = ['own', 'member', 'stranger'] as const
export type Relation = (typeof RELATIONS)[number]

interface Permission {
  /** In plain words, for the page. */
  readonly says: string
  /** Under which relations each role may; a role that is not there never may. */
  readonly may: Readonly<Partial<Record<Role, readonly Relation[]>>>
}

const OWN: readonly Relation[] = ['own']
const MEMBER: readonly Relation[] = ['member']
/** Whatever it is done to. */
const ANYBODY = RELATIONS

const table = {
  'account.use': {
    says: 'sign in and out, change their own settings, password, devices and notifications',
    may: { patient: OWN, doctor: OWN, staff: OWN, admin: OWN, service: OWN },
  },
  'passkey.use': {
    says: 'have passkeys, and a code that signs them in on the installed app',
    may: { patient: OWN, doctor: OWN, staff: OWN, admin: OWN },
  },
  'chat.use': {
    says: 'read a chat and its files, write in it',
    may: { patient: MEMBER, doctor: MEMBER, staff: MEMBER, service: MEMBER },
  },
  'message.change': {
    says: 'edit a message, take it back',
    may: { patient: OWN, doctor: OWN, staff: OWN, service: OWN },
  },
  'group.leave': {
    says: 'leave a group',
    may: { patient: OWN, doctor: OWN, staff: OWN, service: OWN },
  },
  'chat.begin-with-doctor': {
    says: 'begin a chat with a doctor, where the clinic has that',
    may: { patient: OWN },
  },
  'chat.begin-with-patient': {
    says: 'begin a chat with a patient, where the clinic has that',
    may: { doctor: OWN },
  },
  'group.make': {
    says: 'make a group, where the clinic has that',
    may: { doctor: OWN },
  },
  'group.change': {
    says: 'rename a group, take people in and out',
    may: { doctor: MEMBER },
  },
  'doctors.find': {
    says: 'look for doctors',
    may: { patient: ANYBODY, doctor: ANYBODY, staff: ANYBODY },
  },
  'staff.find': {
    says: 'look for staff',
    may: { doctor: ANYBODY, staff: ANYBODY },
  },
  'patients.find': {
    says: 'look for patients',
    may: { doctor: ANYBODY, staff: ANYBODY },
  },
  'birth-date.read': {
    says: 'know when a patient was born',
    may: { patient: OWN, doctor: ANYBODY, staff: ANYBODY, admin: ANYBODY },
  },
  'patient.invite': {
    says: 'invite a patient',
    may: { doctor: ANYBODY, staff: ANYBODY, admin: ANYBODY },
  },
  'patient.help': {
    says: 'see a patient’s devices and remove them, make a link or a code to sign in again',
    may: { staff: ANYBODY, admin: ANYBODY },
  },
  administer: {
    says: 'everything else with accounts; the audit trail, the settings, health',
    may: { admin: ANYBODY },
  },
} as const satisfies Readonly<Record<string, Permission>>

export type PermittedOperation = keyof typeof table

export const permissions: Readonly<Record<PermittedOperation, Permission>> = table

/** Whether somebody with these roles may do this to what they stand to like that. */
export const may = (
  operation: PermittedOperation,
  roles: readonly Role[],
  relation: Relation = 'stranger',
): boolean => roles.some((role) => permissions[operation].may[role]?.includes(relation) === true)
