/**
 * Administration from the command line. It opens the data directory itself, which only one process
 * can at a time: stop the server first.
 *
 *   DATA_DIR=… node sync-server/dist/admin.js create-user --email … --name … --role doctor \
 *     [--specialty …] < password.txt
 *   DATA_DIR=… node sync-server/dist/admin.js create-user --email … --name … --role patient \
 *     [--birth-date yyyy-mm-dd] < password.txt
 *   DATA_DIR=… node sync-server/dist/admin.js verify-audit
 *   DATA_DIR=… node sync-server/dist/admin.js doctor
 *   DATA_DIR=… node sync-server/dist/admin.js export --y-leveldb <folder>
 *   DATA_DIR=… node sync-server/dist/admin.js import --y-leveldb <folder>
 */
import { text } from 'node:stream/consumers'
import { ownOnly } from './base/make-folder.ts'
import { runAdmin } from './cli/admin-command.ts'

ownOnly()
const outcome = await runAdmin({
  args: process.argv.slice(2),
  env: process.env,
  readInput: () => text(process.stdin),
})
if (outcome.ok) process.stdout.write(`${outcome.value}\n`)
else {
  process.stderr.write(`${outcome.error}\n`)
  process.exitCode = 1
}
