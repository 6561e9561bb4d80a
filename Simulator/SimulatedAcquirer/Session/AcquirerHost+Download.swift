import ISO8583
import Wire

extension AcquirerHost {
    /// Downloads: a list in as many replies as it takes, or one entry of it.
    func download(_ function: String, _ answer: inout HostAnswer, _ offer: Downloads) {
        let asked = answer.request.bytes(62).map(Array.init)
        switch function {
        case "360":
            if asked == nil { answer.bytes[62] = offer.parameters.encoded } else { answer.code = "30" }
        case "372":
            let names = offer.keys.map { TLV.encode($0.objects([0x9F06, 0x9F22, 0xDF05])) }
            list(names, asked, digits: 2, &answer, offer)
        case "382": list(offer.applications.map { TLV.encode($0.objects([0x9F06])) }, asked, digits: 2, &answer, offer)
        case "394": list(offer.contactless, asked, digits: 2, &answer, offer)
        case "390": list(offer.blacklist, asked, digits: 3, &answer, offer)
        case "370": entry(of: offer.keys, named: [0x9F06, 0x9F22], asked, &answer)
        case "380": entry(of: offer.applications, named: [0x9F06], asked, &answer)
        default: answer.code = "12"
        }
    }

    /// The part of a list after the entries that have come: `1` and their number asked, the progress and entries
    /// answered. The last part says 1, the others 2; an empty list 0.
    private func list(
        _ entries: [[UInt8]], _ asked: [UInt8]?, digits: Int, _ answer: inout HostAnswer, _ offer: Downloads
    ) {
        let text = String(decoding: asked ?? [], as: UTF8.self)
        guard text.utf8.count == digits + 1, text.hasPrefix("1"), let received = Int(text.dropFirst()),
            received <= entries.count
        else {
            answer.code = "30"
            return
        }
        var page: [UInt8] = []
        var next = received
        while next < entries.count, page.isEmpty || page.count + entries[next].count <= offer.pageBytes {
            page += entries[next]
            next += 1
        }
        let progress: ParameterList.Progress =
            page.isEmpty ? .none : next == entries.count ? .complete : .more
        answer.bytes[62] = [progress.rawValue] + page
    }

    /// The entry with these identifying objects, or the digit that says there is none.
    private func entry(of entries: [[TLV]], named tags: [TLV.Tag], _ asked: [UInt8]?, _ answer: inout HostAnswer) {
        guard let asked, let name = try? TLV.parse(asked), name.map(\.tag) == tags else {
            answer.code = "30"
            return
        }
        let found = entries.first { $0.objects(tags).map { Array($0.value) } == name.map { Array($0.value) } }
        answer.bytes[62] =
            found.map { [ParameterList.Progress.complete.rawValue] + TLV.encode($0) }
            ?? [ParameterList.Progress.none.rawValue]
    }
}

extension [TLV] {
    /// Those with these tags, in the tags' order.
    fileprivate func objects(_ tags: [TLV.Tag]) -> [TLV] {
        tags.compactMap { tag in first { $0.tag == tag } }
    }
}
