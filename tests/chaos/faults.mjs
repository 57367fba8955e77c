/**
 * Disk faults on demand, for a server process started with
 *
 *     WARDLINE_FAULT_DIR=<dir> node --import <path>/tests/chaos/faults.mjs …
 *
 * Each fault is on while a file of its name exists in that directory; it need not have content.
 *
 * - `fsync-fails`: writes reach the database, but not durably, and are reported as failed
 * - `disk-full`: writes fail without leaving anything
 * - `torn-write`: writes fail and leave the beginning of a record at the end of LevelDB's log
 * - `open-fails`: the database cannot be opened
 *
 * It replaces methods of ClassicLevel.prototype, so it needs nothing from the server itself.
 */
import { appendFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'

const directory = process.env.WARDLINE_FAULT_DIR
const isOn = (fault) => directory !== undefined && existsSync(join(directory, fault))

const ioError = (message) =>
  Object.assign(new Error(`IO error: ${message} (injected)`), { code: 'LEVEL_IO_ERROR' })

const { batch, open } = ClassicLevel.prototype

/** A record whose header promises more bytes than follow, as when the power fails. */
const tearLog = (location) => {
  const logs = readdirSync(location).filter((name) => name.endsWith('.log'))
  const newest = logs.sort().at(-1)
  if (newest === undefined) return
  const header = [0x12, 0x34, 0x56, 0x78, 0xff, 0x0f, 1]
  appendFileSync(join(location, newest), Buffer.from([...header, ...Buffer.from('torn')]))
}

ClassicLevel.prototype.batch = function (...args) {
  const chained = batch.apply(this, args)
  const write = chained.write.bind(chained)
  chained.write = async (options) => {
    if (isOn('disk-full')) throw ioError('No space left on device')
    if (isOn('torn-write')) {
      tearLog(this.location)
      throw ioError('No space left on device')
    }
    if (!isOn('fsync-fails')) return await write(options)
    await write({ ...options, sync: false })
    throw ioError('Input/output error')
  }
  return chained
}

ClassicLevel.prototype.open = async function (...args) {
  if (isOn('open-fails')) throw ioError('cannot open')
  return open.apply(this, args)
}
