using System.Text.Json;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Models.Parity;
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
        Assert.Equal(names.Order(StringComparer.Ordinal), theirs.Select(pair => pair.Ours).Order(StringComparer.Ordinal));
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

    /// <summary>
    /// The lists come from the public code; its state dicts, with random weights, gave the same log-probabilities here as there in float64, within 2e-6.
    /// </summary>
    [Theory]
    [InlineData("vgg11_bn")]
    [InlineData("regnety_004")]
    [InlineData("convnext_tiny")]
    [InlineData("swin_tiny_patch4_window7_224")]
    [InlineData("repvit_m0_9")]
    public void Names_and_shapes_of_a_public_state_dict_lead_to_those_of_the_catalogue_and_back_in_its_order(string model)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Fixtures.Folder, "names", $"{model}.json")));
        var map = ModelCatalog.Find(model).OtherNames.Single(map => map.Name == json.RootElement.GetProperty("spelling").GetString());
        var theirs = json.RootElement.GetProperty("tensors").EnumerateArray().Select(line => line.GetString()!.Split(' '))
            .Where(line => !map.Computes(line[0])).ToDictionary(line => line[0], line => line[1]);
        var ours = ModelCatalog.Build(model).Variables.Where(value => value.Variable!.Kind != VariableKind.Input)
            .ToDictionary(value => value.Variable!.Label, value => value.Shape);
        Assert.Equal(theirs.Keys, map.FromCatalogue([.. ours.Keys]).Select(name => name.Theirs));
        foreach (var (name, shape) in theirs) Assert.Equal(shape, Text(ours[map.ToCatalogue(name)], map.Flattened.Contains(map.ToCatalogue(name))));
    }

    /// <summary>
    /// github.com/DingXiaoH/RepVGG aca4a9f and github.com/apple/ml-mobileone register the gate before the branches, ml-fastvit 3a6af9e scales, too.
    /// </summary>
    [Theory]
    [InlineData("repvgg_d2se", "official", "stage0", "se.down.weight se.down.bias se.up.weight se.up.bias rbr_dense.conv.weight")]
    [InlineData("repvgg_d2se", "official", "stage3.7", "se.down.weight se.down.bias se.up.weight se.up.bias rbr_identity.weight")]
    [InlineData("repvgg_d2se", "MindCV", "stage1.0", "se.conv_reduce.weight se.conv_reduce.bias se.conv_expand.weight se.conv_expand.bias rbr_dense.0.weight")]
    [InlineData("mobileone_s4", "official", "stage3.19", "se.reduce.weight se.reduce.bias se.expand.weight se.expand.bias rbr_skip.weight")]
    [InlineData("fastvit_sa12", "official", "network.0.1", "layer_scale token_mixer.layer_scale token_mixer.norm.rbr_skip.weight")]
    [InlineData("fastvit_sa12", "official", "network.7.1", "layer_scale_1 layer_scale_2 norm.weight")]
    [InlineData("fastvit_sa12", "official", "conv_exp", "se.reduce.weight se.reduce.bias se.expand.weight se.expand.bias rbr_conv.0.conv.weight")]
    public void Tensors_of_a_block_stand_in_the_order_in_which_the_public_code_registers_them(string model, string whose, string block, string first)
    {
        var theirs = ModelCatalog.Find(model).OtherNames.Single(map => map.Name == whose).FromCatalogue(Names(model)).Select(name => name.Theirs);
        var wanted = first.Split(' ').Select(name => $"{block}.{name}").ToList();
        Assert.Equal(wanted, theirs.SkipWhile(name => !name.StartsWith($"{block}.", StringComparison.Ordinal)).Take(wanted.Count));
    }

    [Fact]
    public void Official_names_of_a_fixture_of_any_model_are_those_of_its_own_authors()
    {
        var model = FixtureModel.Find("official_mobileone_s4");
        Assert.Equal("stage3.19.se.expand.weight", model.FromCatalogue("stages.2.19.attn.fc2.weight"));
        Assert.Equal("stages.2.19.attn.fc2.weight", model.ToCatalogue("stage3.19.se.expand.weight"));
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
