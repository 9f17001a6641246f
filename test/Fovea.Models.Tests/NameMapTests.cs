using System.Text.Json;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Tensors;

namespace Fovea.Models.Tests;

public class NameMapTests
{
    public static TheoryData<string, string> Maps() =>
        new(ModelCatalog.All.SelectMany(row => row.OtherNames.Select(map => (row.Name, map.Name))));

    [Theory]
    [MemberData(nameof(Maps))]
    public void Every_tensor_has_one_other_name_that_leads_back(string model, string whose)
    {
        var (row, names) = (ModelCatalog.Find(model), Names(model));
        var map = row.OtherNames.Single(map => map.Name == whose);
        var theirs = map.FromCatalogue(names);
        Assert.Equal(names, theirs.Select(pair => pair.Ours));
        Assert.Distinct(theirs.Select(pair => pair.Theirs));
        Assert.NotEqual(names, theirs.Select(pair => pair.Theirs));
        foreach (var (ours, other) in theirs) Assert.Equal(ours, map.ToCatalogue(other));
    }

    [Theory]
    [InlineData("repvgg_a0", "official", "stem.conv_kxk.bn.running_var", "stage0.rbr_dense.bn.running_var")]
    [InlineData("repvgg_a0", "official", "head.fc.weight", "linear.weight")]
    [InlineData("repvgg_d2se", "official", "stages.2.7.attn.fc1.bias", "stage3.7.se.down.bias")]
    [InlineData("repvgg_a0", "PaddleClas", "stages.0.1.identity.running_mean", "stage1.1.rbr_identity._mean")]
    [InlineData("repvgg_a0", "PaddleClas", "stages.3.0.conv_1x1.bn.running_var", "stage4.0.rbr_1x1.bn._variance")]
    [InlineData("repvgg_a0", "MindCV", "stages.0.1.conv_kxk.conv.weight", "stage1.1.rbr_dense.0.weight")]
    [InlineData("repvgg_a0", "MindCV", "stages.0.1.conv_kxk.bn.weight", "stage1.1.rbr_dense.1.gamma")]
    [InlineData("repvgg_a0", "MindCV", "stages.0.1.identity.running_var", "stage1.1.rbr_identity.moving_variance")]
    [InlineData("mobileone_s4", "official", "stages.2.19.attn.fc2.weight", "stage3.19.se.expand.weight")]
    [InlineData("mobileone_s4", "official", "stages.2.18.conv_kxk.0.conv.weight", "stage3.18.rbr_conv.0.conv.weight")]
    public void Names_are_those_of_the_public_code(string model, string whose, string ours, string theirs) =>
        Assert.Contains((ours, theirs), ModelCatalog.Find(model).OtherNames.Single(map => map.Name == whose).FromCatalogue(Names(model)));

    /// <summary>The lists come from the public code; its state dicts, with random weights, gave the same log-probabilities here as there in float64, within 2e-6.</summary>
    [Theory]
    [InlineData("vgg11_bn")]
    [InlineData("regnety_004")]
    [InlineData("convnext_tiny")]
    [InlineData("swin_tiny_patch4_window7_224")]
    [InlineData("repvit_m0_9")]
    public void Names_and_shapes_of_a_public_state_dict_lead_to_those_of_the_catalogue_and_back(string model)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Fixtures.Folder, "names", $"{model}.json")));
        var map = ModelCatalog.Find(model).OtherNames.Single(map => map.Name == json.RootElement.GetProperty("spelling").GetString());
        var theirs = json.RootElement.GetProperty("tensors").EnumerateArray().Select(line => line.GetString()!.Split(' '))
            .Where(line => !map.Computes(line[0])).ToDictionary(line => line[0], line => line[1]);
        var ours = ModelCatalog.Build(model).Variables.Where(value => value.Variable!.Kind != VariableKind.Input)
            .ToDictionary(value => value.Variable!.Label, value => value.Shape);
        Assert.Equal(theirs.Keys.Order(StringComparer.Ordinal), ours.Keys.Select(name => map.FromCatalogue(name)).Order(StringComparer.Ordinal));
        foreach (var (name, shape) in theirs) Assert.Equal(shape, Text(ours[map.ToCatalogue(name)], map.Flattened.Contains(map.ToCatalogue(name))));
    }

    [Fact]
    public void Renumbering_moves_a_module_once()
    {
        var map = new NameMap("theirs", ("c", "b")) { Renumbered = [("s.0.a", "s.1.a"), ("s.1.a", "s.2.a")] };
        Assert.Equal(["s.1.a.b", "s.2.a.b"], new[] { "s.0.a.c", "s.1.a.c" }.Select(map.ToCatalogue));
        Assert.Equal(["s.0.a.c", "s.1.a.c"], new[] { "s.1.a.b", "s.2.a.b" }.Select(name => map.FromCatalogue(name)));
    }

    [Fact]
    public void Rule_with_a_circumflex_changes_the_beginning_of_a_name_alone()
    {
        var map = new NameMap("theirs", ("^.norm", "^.head.norm"));
        Assert.Equal(["head.norm.weight", "blocks.0.norm.weight"], new[] { "norm.weight", "blocks.0.norm.weight" }.Select(map.ToCatalogue));
        Assert.Equal(["norm.weight", "blocks.0.norm.weight"], new[] { "head.norm.weight", "blocks.0.norm.weight" }.Select(name => map.FromCatalogue(name)));
    }

    private static string Text(Shape shape, bool isFlat) =>
        isFlat ? $"{shape.N}x{shape.Elements / shape.N}" : string.Join('x', shape.ToArray());

    private static string[] Names(string model)
    {
        var options = ModelCatalog.Find(model).IsFreeForm ? new ModelOptions { NumBlocks = [1, 2, 1, 1], WidthMultiplier = [1, 1, 1, 1] } : new ModelOptions();
        return [.. ModelCatalog.Build(model, options).Variables.Select(value => value.Variable!).Where(v => v.Kind != VariableKind.Input).Select(v => v.Label)];
    }
}
