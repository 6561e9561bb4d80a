import EMV
import Wire

extension CAPublicKey {
    /// A key as a download brings it: 9F06, 9F22, DF02, DF03, DF04, DF05 (`YYYYMMDD` in ASCII, or packed), DF06 and DF07.
    init(downloaded entry: [TLV]) throws(ParameterRefusal) {
        let objects = DownloadedObjects(entry)
        for (tag, what) in [(TLV.Tag(0xDF06), "hash"), (0xDF07, "key")] {
            if let algorithm = try objects.value(tag, 1...1), algorithm != [1] {
                throw ParameterRefusal("\(tag): its \(what) algorithm is not one that this terminal knows (01)")
            }
        }
        var expiry: Int?
        if let date = try objects.value(0xDF05, 4...8) {
            let text = date.count == 8 ? String(decoding: date, as: UTF8.self) : (try? BCD.decode(date)) ?? ""
            guard text.utf8.count == 8, let number = Int(text) else { throw ParameterRefusal("DF05 must be YYYYMMDD") }
            expiry = number
        }
        let rid = try objects.required(0x9F06, 5...5)
        let index = try objects.required(0x9F22, 1...1)
        let modulus = try objects.required(0xDF02, 64...248)
        let exponent = try objects.required(0xDF04, 1...3).reduce(0) { $0 << 8 | Int($1) }
        let checksum = try objects.required(0xDF03, 20...20)
        do {
            self = try CAPublicKey(
                rid: rid, index: index[0], modulus: modulus, exponent: exponent, expiry: expiry, checksum: checksum)
        } catch {
            throw ParameterRefusal(error.words)
        }
    }
}
