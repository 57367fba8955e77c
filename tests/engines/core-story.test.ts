/**
 * The core story in other engines than Chromium, where the end-to-end tests run: sign in, write,
 * two people, offline, a cold start, a picture, a search. A browser that is not on this machine is
 * left out, and counted as skipped.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { ServerProcess } from '../support/server-process.ts'
import type { Engine, Profile, Tab } from './engine.ts'
import { firefoxPath, openFirefox } from './firefox.ts'
import { Person } from './person.ts'
import { openWebKit, webKitPaths } from './webkit.ts'

const PASSWORD = 'wardline-demo'
const shots = resolve(import.meta.dirname, '../../test-results/engines')

const story = async (engine: Engine, name: string): Promise<void> => {
  const server = await ServerProcess.start()
  const folder = await mkdtemp(join(tmpdir(), 'wardline-engine-'))
  await mkdir(shots, { recursive: true })
  const tabs: Tab[] = []
  try {
    const [patient, doctor] = [await engine.newProfile(), await engine.newProfile()]
    const personIn = async (profile: Profile): Promise<Person> => {
      const tab = await profile.newTab()
      tabs.push(tab)
      return new Person(tab)
    }
    const pat = await personIn(patient)
    await pat.signIn(server.url, 'pat@demo.clinic', PASSWORD)
    await pat.startChat('Dr Ada Osei')
    await pat.send('Good morning, doctor')
    await pat.seesStatus('Good morning, doctor', 'Stored')

    const ada = await personIn(doctor)
    await ada.signIn(server.url, 'ada@demo.clinic', PASSWORD)
    await ada.openChat('Pat Morgan')
    await ada.seesMessage('Good morning, doctor')
    await pat.seesStatus('Good morning, doctor', 'Read')
    await ada.send('How is the knee?')
    await pat.seesMessage('How is the knee?')
    await pat.tab.screenshot(join(shots, `${name}-conversation.png`))

    await pat.shellKept()
    await server.stop()
    await pat.send('Better since Sunday')
    await pat.seesStatus('Better since Sunday', 'Waiting to send')
    await pat.tab.reload()
    await pat.seesMessage('How is the knee?')
    await pat.seesStatus('Better since Sunday', 'Waiting to send')
    const cold = await personIn(patient)
    await pat.tab.close()
    await cold.tab.open(`${server.url}/`)
    await cold.openChat('Dr Ada Osei')
    await cold.seesMessage('Better since Sunday')
    await cold.send('Written after a cold start')
    await cold.tab.screenshot(join(shots, `${name}-offline.png`))

    await server.start()
    await ada.tab.show()
    await cold.seesStatus('Better since Sunday', 'Read')
    await cold.seesStatus('Written after a cold start', 'Read')
    await ada.seesMessage('Better since Sunday')

    const picture = join(folder, 'rash.png')
    await writeFile(picture, greenPicture(40, 30))
    await cold.tab.pick('input[type=file][aria-label=Files]', picture)
    await cold.clicks({ css: 'dialog button:enabled', name: 'Send' })
    await expect.poll(() => ada.tab.run(widthsOfPictures, null), { timeout: 45_000 }).toContain(40)

    await cold.tab.open(`${server.url}/`)
    await cold.sees({ css: 'input[type=search]' })
    await cold.tab.type({ css: 'input[type=search]' }, 'knee')
    await cold.sees({ css: '[aria-label=Messages] li', text: 'How is the' })
    await cold.tab.screenshot(join(shots, `${name}-search.png`))
    expect([...patient.errors, ...doctor.errors]).toEqual([])
  } catch (error) {
    for (const [i, tab] of tabs.entries())
      await tab.screenshot(join(shots, `${name}-failed-${i}.png`)).catch(() => {}) // It is closed.
    throw error
  } finally {
    await engine.close()
    await server.remove()
    await rm(folder, { recursive: true })
  }
}

const widthsOfPictures = (): number[] =>
  [...document.querySelectorAll<HTMLImageElement>('[role=log] img')].map(
    ({ naturalWidth }) => naturalWidth,
  )

/** A PNG of one colour. */
const greenPicture = (width: number, height: number): Buffer => {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(data.length, 0)
    frame.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(width * 3, Buffer.of(20, 140, 90))])
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const firefox = firefoxPath()
it.skipIf(firefox === undefined)('the core story in Firefox', async () => {
  await story(await openFirefox(firefox ?? ''), 'firefox')
})

const webKit = webKitPaths()
it.skipIf(webKit === undefined)('the core story in WebKit', async () => {
  if (webKit !== undefined) await story(await openWebKit(webKit), 'webkit')
})
