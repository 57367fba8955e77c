/**
 * The key pair of a server that was given none. Browsers subscribe to its public half, so that with
 * new keys nobody would get a notification until they open the app again.
 */
import webPush from 'web-push'
import { z } from 'zod'
import { keepSecretFile } from '../config/secret-file.ts'
import { areVapidKeys, type VapidKeys } from '../config/vapid-pair.ts'

const FILE = 'vapid-keys.json'
const keysSchema = z.object({ publicKey: z.string(), privateKey: z.string() })

/** The keys in `dataDir`, made when there are none. Throws when the file holds something else. */
export const loadVapidKeys = async (dataDir: string): Promise<VapidKeys> => {
  const { path, text } = await keepSecretFile(dataDir, FILE, () =>
    JSON.stringify(webPush.generateVAPIDKeys()),
  )
  const keys = readKeys(text)
  if (keys === undefined) throw new Error(`${path} holds no keys; delete it to have new ones made`)
  return keys
}

const readKeys = (text: string): VapidKeys | undefined => {
  try {
    const keys = keysSchema.parse(JSON.parse(text))
    return areVapidKeys(keys) ? keys : undefined
  } catch {
    return undefined
  }
}
