/** The parts of the app that the list of chats does without; the build makes a file of each. */
import { Chunk } from '../ui/chunk.ts'

/** What is behind the interface: the device's database, its chats, the connection. */
export const engineChunk = new Chunk(() => import('./device.ts'))
/** A chat, with all that is in one: files, pictures, voice notes. */
export const chatChunk = new Chunk(() => import('./open-chat.tsx'))
/** What a device shows that was removed from its account. */
export const removedChunk = new Chunk(() => import('../features/devices/removed-screen.tsx'))
/** The dialogs: new chat, groups, account. */
export const layersChunk = new Chunk(() => import('./layers.tsx'))
/** The lock of a device that is shared. */
export const lockChunk = new Chunk(() => import('../features/lock/lock.tsx'))
/** Administration; only for who is an admin. The service worker does not keep it: it needs the network. */
export const adminChunk = new Chunk(() => import('../features/admin/admin-screen.tsx'))
/** Links, codes and passkeys: what is before the list of chats for who does not type a password. */
export const waysInChunk = new Chunk(() => import('./ways-in.tsx'))
