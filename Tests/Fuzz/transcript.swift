import Diagnostics

/// A transcript that can be read is the same after it was written, and its replay comes to an end that can be shown.
/// The terminal's side is read from JSON, too.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    _ = try? ReplayTerminal(json: bytes)
    guard let transcript = try? Transcript(bytes) else { return 0 }
    let again = try? Transcript(Array(transcript.text(reveal: true).utf8))
    precondition(again == transcript, "a transcript changes when it is written")
    _ = try? Transcript(Array(transcript.text(reveal: false).utf8))
    let json = Array((transcript.terminal ?? "{}").utf8)
    guard let terminal = try? ReplayTerminal(json: json) else { return 0 }
    let replay = Replay(transcript, terminal: terminal)
    _ = replay.text(reveal: false)
    _ = replay.json(reveal: true).text
    return 0
}
