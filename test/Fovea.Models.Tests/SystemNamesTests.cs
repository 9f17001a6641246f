using System.Globalization;
using System.Text;
using System.Text.Json;
using Fovea.Graphs;
using Fovea.Models.Building;

namespace Fovea.Models.Tests;

/// <summary>
/// What PaddleClas and MindCV call the tensors of their models: test/fixtures/names/systems.py recorded how many there are, and the FNV-1a-64 of their sorted
/// names and shapes, from the public code.
/// </summary>
public class SystemNamesTests
{
    public static TheoryData<string, string> Models() => new(Recorded().Keys.Select(key => (key.System, key.Model)));

    [Theory]
    [MemberData(nameof(Models))]
    [Trait("row", "S0-05")]
    [Trait("row", "S2-01")]
    public void Names_and_shapes_of_a_model_are_those_of_the_public_code(string system, string model)
    {
        var (count, digest) = Recorded()[(system, model)];
        var row = ModelCatalog.Find(model);
        var map = row.OtherNames.Single(map => map.Name == system || (map.Name == "MindSpore" && system == "MindCV"));
        var ours = row.Build().Variables.Where(value => value.Variable!.Kind != VariableKind.Input)
            .ToDictionary(value => value.Variable!.Label, value => value.Shape.ToArray());
        var theirs = map.FromCatalogue([.. ours.Keys]).Where(name => !Lacks(map, name.Ours, ours))
            .Select(name => $"{name.Theirs} {string.Join('x', Theirs(map, name.Ours, ours[name.Ours]))}\n").Order(StringComparer.Ordinal).ToList();
        Assert.True((count, digest) == (theirs.Count, Fnv(string.Concat(theirs))), string.Concat(theirs));
    }

    /// <summary>A bias of a convolution that has none there.</summary>
    private static bool Lacks(NameMap map, string name, Dictionary<string, int[]> ours) => map.LacksBiases && name.EndsWith(".bias", StringComparison.Ordinal)
        && $"{name[..^4]}weight" is var weight && ours[weight].Length == 4 && !map.Flattened.Contains(weight);

    private static int[] Theirs(NameMap map, string name, int[] shape)
    {
        var flat = map.Flattened.Contains(name) ? [shape[0], shape[1] * shape[2] * shape[3]] : shape;
        return flat.Length == 2 && map.TransposesMatrices ? [flat[1], flat[0]] : flat;
    }

    private static Dictionary<(string System, string Model), (int Count, string Digest)> Recorded()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Fixtures.Folder, "names", "systems.json")));
        return json.RootElement.GetProperty("models").EnumerateObject()
            .Select(entry => (Key: entry.Name.Split(' '), Value: entry.Value.GetString()!.Split(' ')))
            .ToDictionary(entry => (entry.Key[0], entry.Key[1]), entry => (int.Parse(entry.Value[1], CultureInfo.InvariantCulture), entry.Value[2]));
    }

    private static string Fnv(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(text)) hash = unchecked((hash ^ b) * 1099511628211UL);
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}
