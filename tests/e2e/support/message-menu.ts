/** What a person does with a message or a chat, by mouse, by keys or by finger. */
import { expect, type Locator } from '@playwright/test'
import type { Person } from './person.ts'

/** A touch that moves along `path`, in steps from one point to the next; `until` before it ends. */
const touch = async (
  person: Person,
  path: readonly { x: number; y: number }[],
  until: () => Promise<void> = async () => {},
): Promise<void> => {
  const cdp = await person.page.context().newCDPSession(person.page)
  const [from, ...rest] = path
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: object[]) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: touchPoints as [] })
  await send('touchStart', [{ ...from, id: 1 }])
  for (const point of rest) await send('touchMove', [{ ...point, id: 1 }])
  await until()
  await send('touchEnd', [])
  await cdp.detach()
}

/** A timeline that scrolls takes no touches and no clicks: resolves once the middle of the target meets them. */
const atRest = (target: Locator): Promise<void> =>
  target.evaluate(
    (element) =>
      new Promise<void>((done) => {
        let frames = 0
        const look = () => {
          const { x, y, width, height } = element.getBoundingClientRect()
          const hit = document.elementFromPoint(x + width / 2, y + height / 2)
          // A scroll is told of in the frame after it.
          frames = hit !== null && element.contains(hit) ? frames + 1 : 0
          if (frames > 2) done()
          else requestAnimationFrame(look)
        }
        look()
      }),
  )

const middle = async (target: Locator): Promise<{ x: number; y: number }> => {
  await target.scrollIntoViewIfNeeded()
  await atRest(target)
  const box = await target.boundingBox()
  if (box === null) throw new Error('it is not on screen')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** The words of a message, not of what quotes it. */
export const bubble = (person: Person, text: string): Locator =>
  person.timeline.getByRole('article').filter({ has: person.page.locator('p', { hasText: text }) })

export const menuOf = (person: Person): Locator => person.page.getByRole('menu')

/** Rests a finger on something until its menu is there. */
export const longPress = async (person: Person, target: Locator): Promise<void> => {
  await touch(person, [await middle(target)], () => expect(menuOf(person)).toBeVisible())
  await expect(menuOf(person)).toBeVisible()
}

/** Opens the menu of something, as one does on this device. */
const openMenu = async (person: Person, target: Locator): Promise<void> => {
  if (await person.page.evaluate(() => matchMedia('(hover: none)').matches))
    return longPress(person, target)
  await target.scrollIntoViewIfNeeded()
  await atRest(target)
  await target.click({ button: 'right' })
  await expect(menuOf(person)).toBeVisible()
}

/** Swipes a message towards the end of its line. */
export const swipe = async (person: Person, target: Locator): Promise<void> => {
  const { x, y } = await middle(target)
  const steps = [0, 15, 30, 45, 60, 75, 90, 105]
  await touch(
    person,
    steps.map((step) => ({ x: x + step, y })),
  )
}

/** Opens the menu of a message, and leaves it open. */
export const openMenuOf = (person: Person, text: string): Promise<void> =>
  openMenu(person, bubble(person, text).locator('p').last())

/** Chooses from the menu of a message. */
export const choose = async (person: Person, text: string, action: string): Promise<void> => {
  const message = bubble(person, text).last()
  await openMenu(person, message.locator('p').last())
  await menuOf(person).getByRole('menuitem', { name: action }).click()
  await expect(menuOf(person)).toHaveCount(0)
}

/** Puts an emoji of the menu's first row on a message, or takes it away. */
export const react = async (person: Person, text: string, emoji: string): Promise<void> => {
  const message = bubble(person, text).last()
  await openMenu(person, message.locator('p').last())
  await menuOf(person).getByRole('menuitemradio', { name: emoji }).click()
}

export const reaction = (person: Person, text: string, emoji: string): Locator =>
  bubble(person, text).getByRole('button', { name: emoji })

/** Chooses from the menu of a chat in the list. */
export const chooseForChat = async (
  person: Person,
  chat: string,
  action: string,
): Promise<void> => {
  await openMenu(person, person.row(chat))
  await menuOf(person).getByRole('menuitem', { name: action, exact: true }).click()
  await expect(menuOf(person)).toHaveCount(0)
}
