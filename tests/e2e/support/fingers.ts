/** Fingers on a phone's screen. */
import type { Person } from './person.ts'

interface Point {
  x: number
  y: number
}

/** Two presses within a tenth of a second, however slow the machine is. */
export const doubleTap = async (person: Person, point: Point): Promise<void> => {
  const cdp = await person.page.context().newCDPSession(person.page)
  const begin = Date.now() / 1_000
  for (const later of [0, 0.1]) {
    const timestamp = begin + later
    const type = 'Input.dispatchTouchEvent'
    await cdp.send(type, { type: 'touchStart', touchPoints: [point], timestamp })
    await cdp.send(type, { type: 'touchEnd', touchPoints: [], timestamp: timestamp + 0.02 })
  }
  await cdp.detach()
}

/** Puts fingers down at the first places, moves them through the others, and lifts them. */
export const fingers = async (person: Person, ...places: readonly Point[][]): Promise<void> => {
  const cdp = await person.page.context().newCDPSession(person.page)
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]) =>
    cdp.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map((point, id) => ({ ...point, id })),
    })
  const [first = [], ...rest] = places
  await send('touchStart', first)
  for (const points of rest) await send('touchMove', points)
  await send('touchEnd', [])
  await cdp.detach()
}
