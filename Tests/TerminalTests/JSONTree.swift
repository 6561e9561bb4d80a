import Foundation

/// A JSON text that can be changed at a place, `acquirer.tls.key` or `emv.caKeys.0.rid`.
struct JSONTree {
    private var root: Any

    init(_ root: Any) { self.root = root }

    static func parse(_ text: String) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    }

    var text: String {
        get throws { String(decoding: try JSONSerialization.data(withJSONObject: root), as: UTF8.self) }
    }

    /// Puts `value` there; nil takes the key away.
    mutating func set(_ path: String, _ value: Any?) {
        root = Self.changed(root, path.split(separator: ".").map(String.init)[...], value) ?? root
    }

    /// The places of all values that hold no others, list places as `[]`.
    var leaves: [String] { Self.leaves(root, "") }

    private static func changed(_ node: Any?, _ path: ArraySlice<String>, _ value: Any?) -> Any? {
        guard let key = path.first else { return value }
        if var list = node as? [Any], let index = Int(key), let changed = changed(list[index], path.dropFirst(), value)
        {
            list[index] = changed
            return list
        }
        var object = node as? [String: Any] ?? [:]
        object[key] = changed(object[key], path.dropFirst(), value)
        return object
    }

    private static func leaves(_ node: Any, _ path: String) -> [String] {
        if let object = node as? [String: Any] {
            return object.flatMap { leaves($1, path.isEmpty ? $0 : "\(path).\($0)") }
        }
        if let list = node as? [Any] { return list.flatMap { leaves($0, "\(path)[]") } }
        return [path]
    }
}
