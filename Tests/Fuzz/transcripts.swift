import Diagnostics

/// A transcript from anywhere is read or refused; what was read is written and read again as the same, masking keeps its lengths,
/// and the kernel comes to an end with it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    _ = try? ReplayTerminal(json: bytes)
    guard let transcript = try? Transcript(bytes) else { return 0 }
    let again = try? Transcript(Array(transcript.text(reveal: true).utf8))
    precondition(again?.entries == transcript.entries)
    let masked = try? Transcript(Array(transcript.text(reveal: false).utf8))
    precondition(masked?.entries.count == transcript.entries.count)
    let json = Array((transcript.terminal ?? "{}").utf8)
    guard let terminal = (try? ReplayTerminal(json: json)) ?? (try? ReplayTerminal(json: Array("{}".utf8))) else {
        return 0
    }
    let replay = Replay(transcript, terminal: terminal)
    _ = replay.text(reveal: false)
    _ = replay.json(reveal: false).text
    return 0
}
