import { expect, test, vi } from 'vitest'
import { Install, type InstallSurroundings } from './install.ts'

const around = (more: Omit<Partial<InstallSurroundings>, 'window'> = {}) => ({
  window: new EventTarget(),
  isInstalled: () => false,
  isAppleMobile: () => false,
  ...more,
})
const offer = () =>
  Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
    prompt: vi.fn(async () => {}),
  })

test('what the browser offers is kept for the person, and asked once', async () => {
  const surroundings = around()
  const install = new Install(surroundings)
  expect(install.state.get()).toBe('none')
  const event = offer()
  surroundings.window.dispatchEvent(event)
  expect(event.defaultPrevented).toBe(true)
  expect(install.state.get()).toBe('offered')
  await install.run()
  await install.run()
  expect(event.prompt).toHaveBeenCalledTimes(1)
  expect(install.state.get()).toBe('none')
  // It said no, and is asked again some day.
  surroundings.window.dispatchEvent(offer())
  expect(install.state.get()).toBe('offered')
})

test('nothing is offered once it is installed', () => {
  const surroundings = around()
  const install = new Install(surroundings)
  surroundings.window.dispatchEvent(offer())
  surroundings.window.dispatchEvent(new Event('appinstalled'))
  expect(install.state.get()).toBe('none')

  const installed = around({ isInstalled: () => true, isAppleMobile: () => true })
  const inside = new Install(installed)
  installed.window.dispatchEvent(offer())
  expect(inside.state.get()).toBe('none')
})

test('on an iPhone only the person can', () => {
  expect(new Install(around({ isAppleMobile: () => true })).state.get()).toBe('by-hand')
})
