// The camera: turned on, changed for another one, and turned off.

function makeCamera(video) {
  let stream = null;

  function stop() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
  }

  // `wish` says which camera; without one it is the one that looks at the person.
  async function open(wish = { facingMode: "user" }) {
    // Phones lend one camera at a time.
    stop();
    const given = await navigator.mediaDevices.getUserMedia({
      video: { ...wish, width: { ideal: 1920 }, height: { ideal: 1080 } },
      audio: false,
    });
    stop();
    stream = given;
    video.srcObject = stream;
    await video.play();
  }

  const settings = () => stream?.getVideoTracks()[0]?.getSettings() ?? {};

  // Only a camera that looks away from the person is shown as others see it.
  const looksAway = () => settings().facingMode === "environment";

  async function all() {
    const devices = (await navigator.mediaDevices.enumerateDevices?.()) ?? [];
    return devices.filter(({ kind }) => kind === "videoinput");
  }

  // The other side of a phone, which has several cameras on its back; on a computer, whose cameras
  // do not say where they look, the next one.
  async function openOther() {
    const { facingMode, deviceId } = settings();
    if (facingMode) {
      return open({ facingMode: { ideal: facingMode === "environment" ? "user" : "environment" } });
    }
    const ids = (await all()).map((device) => device.deviceId);
    return open({ deviceId: { exact: ids[(ids.indexOf(deviceId) + 1) % ids.length] } });
  }

  return {
    open,
    openOther,
    stop,
    looksAway,
    isOn: () => stream !== null,
    hasOther: async () => (await all()).length > 1,
  };
}
