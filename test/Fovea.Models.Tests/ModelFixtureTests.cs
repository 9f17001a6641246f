using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Models.Parity;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Tests;

public partial class ModelFixtureTests
{
    [Fact]
    public void Every_fixture_has_its_model()
    {
        Assert.InRange(Fixtures.Ids.Count, 119, int.MaxValue);
        Assert.DoesNotContain(Fixtures.Ids, id => FixtureModel.TryFind(id) is null);
    }

    [Theory]
    [MemberData(nameof(Fixtures.All), MemberType = typeof(Fixtures))]
    public void Model_declares_the_tensors_of_its_fixture_in_the_same_order(string id)
    {
        var fixture = Fixtures.Read(id);
        var model = FixtureModel.Find(id);
        var kept = Fixtures.Build(fixture).Variables.Where(value => value.Variable!.Kind is VariableKind.Parameter or VariableKind.State)
            .ToDictionary(value => value.Variable!.Label);
        var ours = model.FromCatalogue([.. kept.Keys])
            .Select(name => $"{name.Theirs} {kept[name.Ours].Shape} {kept[name.Ours].Variable!.Kind == VariableKind.Parameter}");
        Assert.Equal(fixture.Tensors.Select(tensor => $"{tensor.Name} {tensor.Shape} {tensor.Trainable}"), ours);
    }

    [Theory]
    [MemberData(nameof(Fixtures.All), MemberType = typeof(Fixtures))]
    public void Model_has_the_norms_of_its_fixture(string id)
    {
        var fixture = Fixtures.Read(id);
        var ours = FixtureNorm.Of(Fixtures.Build(fixture));
        Assert.Equal(fixture.Norms, ours);
    }

    public static TheoryData<string> Digests() => [.. PublicDigests().Keys];

    /// <summary>The public model of the row has as many tensors, of the same names and shapes in the same order.</summary>
    [Theory]
    [MemberData(nameof(Digests))]
    public void Model_declares_the_tensors_of_the_public_one_in_the_same_order(string row)
    {
        var (classes, count, digest) = PublicDigests()[row];
        var tensors = ModelCatalog.Build(row, new ModelOptions { Classes = classes }).Variables.Select(value => value.Variable!)
            .Where(variable => variable.Kind is VariableKind.Parameter or VariableKind.State)
            .Select(variable => $"{variable.Label} {string.Join('x', variable.Type.Shape.ToArray())}\n").ToArray();
        Assert.Equal((count, digest), (tensors.Length, Philox.Hash(string.Concat(tensors)).ToString("x16", CultureInfo.InvariantCulture)));
    }

    /// <summary>Fixtures are made without randomness and say what was switched off.</summary>
    [Theory]
    [MemberData(nameof(Fixtures.All), MemberType = typeof(Fixtures))]
    public void Model_has_the_published_rates_of_dropout(string id)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Fixtures.Folder, "models", $"{id}.json")));
        var published = json.RootElement.TryGetProperty("disabled_randomness", out var lines)
            ? lines.EnumerateArray().Select(line => SwitchedOff().Match(line.GetString()!)).Where(match => match.Success).Select(match => match.Groups[1].Value)
            : [];
        var ours = Fixtures.Build(Fixtures.Read(id)).Nodes.Select(node => node.Op).OfType<Dropout>().Select(dropout => dropout.Rate);
        Assert.Equal(published.Select(rate => double.Parse(rate, CultureInfo.InvariantCulture)).Order(), ours.Distinct().Order());
    }

    [Fact]
    public void Official_names_map_to_the_catalogue_and_back()
    {
        var map = FixtureModel.Find("official_repvgg_a0").Names!;
        foreach (var (official, timm) in Fixtures.Read("official_repvgg_a0").KeyMap)
        {
            Assert.Equal(timm, map.ToCatalogue(official));
            Assert.Equal(official, map.FromCatalogue(timm));
        }
    }

    [Theory]
    [InlineData("resnet19")]
    [InlineData("official_resnet19")]
    [InlineData("official_resnet18")]
    public void Fixture_of_a_model_that_is_not_in_the_catalogue_is_refused_by_name(string id) =>
        Assert.Contains($"'{id}'", Assert.Throws<ModelException>(() => FixtureModel.Find(id)).Message, StringComparison.Ordinal);

    [Fact]
    public void Fixture_without_a_field_is_refused_with_file_and_field() =>
        Assert.Contains("'num_classes'", Refused("""{"id": "repvgg_a0", "salt": "s"}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"params\": 9108968", "\"params\": 0.5", "$.params at '")]
    [InlineData("\"norms\": [", "\"norms\": [null,", "$.norms[0] at '")]
    [InlineData("\"logits\": [", "\"logits\": [null,", "a row of logits is null")]
    [InlineData("\"key_map\": [", "\"key_map\": [[\"a\"],", "key_map holds no pairs of names")]
    [InlineData("\"tensors\":[[\"", "\"tensors\":[null,[\"", "deploy.tensors holds no rows of name, shape and norm")]
    [InlineData("[48,3,3,3],10.", "[-48,3,3,3],10.", "axis 0 has the extent -48")]
    [InlineData("[48,3,3,3],10.", "[4.8,3,3,3],10.", "System.Int32")]
    public void Fixture_with_a_field_of_another_kind_is_refused_with_file_and_field(string part, string instead, string problem)
    {
        var text = File.ReadAllText(Path.Combine(Fixtures.Folder, "models", "official_repvgg_a0.json"));
        Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.Contains(problem, Refused(text.Replace(part, instead, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static string Refused(string json)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{nameof(ModelFixtureTests)}-{Guid.NewGuid():N}.json");
        File.WriteAllText(path, json);
        try
        {
            var message = Assert.Throws<ModelException>(() => FixtureReader.Read(path)).Message;
            Assert.StartsWith($"{path}: no model fixture: ", message, StringComparison.Ordinal);
            return message;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Dictionary<string, (int Classes, int Count, string Digest)> PublicDigests()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Fixtures.Folder, "names", "digests.json")));
        return json.RootElement.GetProperty("rows").EnumerateObject().Select(row => (row.Name, Parts: row.Value.GetString()!.Split(' ')))
            .ToDictionary(
                row => row.Name,
                row => (int.Parse(row.Parts[0], CultureInfo.InvariantCulture), int.Parse(row.Parts[1], CultureInfo.InvariantCulture), row.Parts[2]));
    }

    [GeneratedRegex(@"(?:[Dd]ropout|drop_rate).* (0\.\d+)->0")]
    private static partial Regex SwitchedOff();
}
