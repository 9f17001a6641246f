using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fovea.Training.Tests.Parity;

/// <summary>One alteration of a fixture.</summary>
/// <param name="Kind">changed, emptied, removed, renamed or unknown.</param>
/// <param name="Path">The place, without indices: <c>cases.params.lr</c>.</param>
/// <param name="Was">What was there, as JSON.</param>
/// <param name="Case">The name of the case, or of the part.</param>
/// <param name="Json">The altered fixture.</param>
internal sealed record Alteration(string Kind, string Path, string Was, string Case, string Json)
{
    /// <summary>Every alteration of a part of a fixture: leaf by leaf, of long lists and of objects with many fields the first and the last entry.</summary>
    /// <param name="root">The fixture, which is whole again after each.</param>
    /// <param name="part">The part that is altered.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="name">What it is called.</param>
    internal static IEnumerable<Alteration> Of(JsonNode root, JsonNode part, string path, string name)
    {
        return Walk(part, path);

        Alteration Made(string kind, string at, JsonNode? was) => new(kind, at, was?.ToJsonString() ?? "null", name, root.ToJsonString());

        IEnumerable<Alteration> Walk(JsonNode node, string at) => node switch
        {
            JsonObject fields => Fields(fields, at),
            JsonArray items => Items(items, at),
            _ => [],
        };

        IEnumerable<Alteration> Fields(JsonObject fields, string at)
        {
            fields["an_unknown_key"] = 1;
            yield return Made("unknown", at, null);
            fields.Remove("an_unknown_key");
            foreach (var key in Ends(fields.Select(field => field.Key).ToArray(), most: 12))
            {
                var (value, below) = (fields[key], $"{at}.{key}");
                fields.Remove(key);
                yield return Made("removed", below, value);
                fields[key + "_"] = value;
                yield return Made("renamed", below, value);
                fields.Remove(key + "_");
                fields[key] = Changed(value);
                if (value is not (JsonObject or JsonArray)) yield return Made("changed", below, value);
                fields[key] = value;
                foreach (var alteration in value is null ? [] : Walk(value, below)) yield return alteration;
            }
        }

        IEnumerable<Alteration> Items(JsonArray items, string at)
        {
            JsonNode?[] all = [.. items];
            items.Clear();
            yield return Made("emptied", at, null);
            foreach (var item in all) items.Add(item);
            foreach (var i in Ends([.. Enumerable.Range(0, all.Length)], most: 3))
            {
                if (all[i] is JsonObject or JsonArray)
                {
                    foreach (var alteration in Walk(all[i]!, at)) yield return alteration;
                    continue;
                }

                items[i] = Changed(all[i]);
                yield return Made("changed", at, all[i]);
                items[i] = all[i];
            }
        }
    }

    private static T[] Ends<T>(T[] all, int most) => all.Length <= most ? all : [all[0], all[^1]];

    private static JsonValue? Changed(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Number => JsonValue.Create((value.GetValue<double>() * 1.5) + 1),
        JsonValueKind.True => JsonValue.Create(false),
        JsonValueKind.False => JsonValue.Create(true),
        JsonValueKind.String => JsonValue.Create(Changed(value.GetValue<string>())),
        _ => JsonValue.Create(1),
    };

    /// <summary>Another first digit of a number or of bytes; another word.</summary>
    private static string Changed(string text) => text.Length > 1 && text.All(char.IsAsciiHexDigit) ? (text[0] == '1' ? "2" : "1") + text[1..] : text + "x";
}
