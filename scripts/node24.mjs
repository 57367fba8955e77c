/**
 * Node 24 beside the Node that runs this: from the npm package `node`, which npx gets and keeps for
 * all checkouts. As a development dependency `npm start` would bring it too: 190 MB on the disk.
 */
import { execFileSync } from 'node:child_process'
import { delimiter, dirname } from 'node:path'

/** The version that is tried besides the lowest: that of .nvmrc. */
export const NEWER = 24

/** Whether this is that version, or a later one. */
export const isNewer = Number(process.versions.node.split('.')[0]) >= NEWER

const options = ['--yes', '--prefer-offline', `--package=node@${NEWER}`]

/** Path of Node 24; undefined where it cannot be had. */
export const findNode24 = (env = process.env) => {
  try {
    const run = execFileSync('npx', [...options, '-c', 'node -p process.execPath'], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return run.trim()
  } catch {
    return undefined
  }
}

/** That Node, or this one if it is not older, and an environment in which it is *the* Node. */
export const newerNode = () => {
  const node = isNewer ? process.execPath : findNode24()
  if (node === undefined) return undefined
  return { node, env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` } }
}
