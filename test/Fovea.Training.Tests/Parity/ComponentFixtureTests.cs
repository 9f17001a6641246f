using Fovea.Execution;
using Fovea.Formats;
using Fovea.Training.Parity;
using Fovea.Training.Tests.Steps;

namespace Fovea.Training.Tests.Parity;

/// <summary>Components, in float32 on every backend, against the float64 numbers of their public implementations.</summary>
public class ComponentFixtureTests
{
    private static readonly string[] s_files = ["augment.json", "losses.json", "optimizers.json", "repoptimizer.json", "schedules.json"];

    private static readonly Dictionary<(string Backend, string File), Dictionary<string, ComponentResult>> s_results = UpdateProblem.Backends
        .SelectMany(backend => s_files.Select(file => (Key: (backend.Key, file), Results: Compare(file, backend.Value))))
        .ToDictionary(entry => entry.Key, entry => entry.Results);

    public static TheoryData<string, string, string> Cases =>
        [.. s_results.SelectMany(file => file.Value.Keys.Select(id => (file.Key.Backend, file.Key.File, id)))];

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("row", "S0-06")]
    [Trait("row", "S0-11")]
    [Trait("row", "S0-13")]
    [Trait("row", "S0-15")]
    [Trait("row", "S1-02")]
    [Trait("row", "S2-06")]
    [Trait("row", "S3-02")]
    [Trait("row", "S4-05")]
    public void A_component_computes_what_its_public_implementation_does(string backend, string file, string id) =>
        Assert.Null(s_results[(backend, file)][id].Failure);

    [Fact]
    public void Every_case_of_the_fixtures_is_compared()
    {
        var counts = s_files.Select(file => (file, s_results[("reference", file)].Count));
        Assert.Equal([("augment.json", 210), ("losses.json", 27), ("optimizers.json", 31), ("repoptimizer.json", 15), ("schedules.json", 18)], counts);
        Assert.Contains("eqlv2#2", s_results[("onednn", "losses.json")].Keys);
        Assert.Contains("tensor_resize_bicubic#2", s_results[("onednn", "augment.json")].Keys);
        Assert.Contains("RepOpt-VGG-B1-scales.pth", s_results[("onednn", "repoptimizer.json")].Keys);
    }

    [Theory]
    [InlineData("schedules.json", "0.0975530705", "0.0975530805", "cosine_warmup_timm", "the rate at 5 is 0.09755307")]
    [InlineData("losses.json", "3.20588497", "3.20688497", "cross_entropy", "the loss is 3.205884")]
    [InlineData("losses.json", "0.0143704049", "0.0143904049", "cross_entropy", "element 0 of the gradient is 0.014370")]
    [InlineData("losses.json", "0.505311683", "0.505411683", "eqlv2", "step 1: ratio_after[0] is 0.50531")]
    [InlineData("optimizers.json", "-0.384978734", "-0.384988734", "sgd", "after step 1: w1.weight[0] is -0.384978")]
    [InlineData("optimizers.json", "16.6174831", "16.6184831", "sgd", "before step 2: the loss is 16.61748")]
    [InlineData("optimizers.json", "\"adam\"", "\"madam\"", "madam", "there is no optimiser of the name 'madam'")]
    [InlineData("augment.json", "132.384766", "132.394766", "tensor_resize_bicubic", "number 0 is 132.384")]
    [InlineData("repoptimizer.json", "1.43353946", "1.43354946", "multipliers_sgd", "element 0 is 1.433539")]
    [InlineData("repoptimizer.json", "1.53874086", "1.53974086", "run_sgd", "the loss of step 2 is 1.5387")]
    [InlineData("repoptimizer.json", "5.07264401", "5.07364401", "run_sgd", "the norm of stage0.conv.weight after step 3 is 5.072")]
    [InlineData("losses.json", "\"kd\"", "\"dkd\"", "dkd", "there is no loss of the name 'dkd'")]
    public void A_number_that_differs_is_told(string file, string text, string other, string id, string failure)
    {
        var json = Fixtures.Component(file);
        Assert.Contains(text, json, StringComparison.Ordinal);
        var results = ComponentFixture.Compare(json.Replace(text, other, StringComparison.Ordinal), file, new ReferenceBackend(), Fixtures.Models);
        Assert.StartsWith(failure, results.Single(result => result.Id == id).Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", "x.json: no fixture of components: ")]
    [InlineData("{}", "x.json: no fixture of components: ")]
    [InlineData("{\"cases\": [{\"name\": \"step\", \"params\": {}, \"lr\": [0.1]}]}", "x.json: cases[0] (step).params.step_size: is missing; wanted ")]
    [InlineData("{\"cases\": []}", "x.json: cases: is an empty list; wanted at least one entry")]
    [InlineData("{\"cases\": [{\"name\": \"step\", \"params\": {\"step_size\": 3}, \"lr\": []}]}", "x.json: cases[0] (step).lr: is an empty list; ")]
    [InlineData("{\"cases\": 1, \"cases\": 2}", "x.json: no fixture of components: ")]
    [InlineData("{\"grad_mults\": [], \"runs\": []}", "x.json: grad_mults: is an empty list; ")]
    [InlineData("{\"published_scale_files\": {\"files\": {}}}", "x.json: published_scale_files.files: has no fields; ")]
    public void A_file_that_is_no_fixture_is_refused_by_name(string json, string problem) => Assert.StartsWith(
        problem, Assert.Throws<ModelFormatException>(() => ComponentFixture.Compare(json, "x.json", new ReferenceBackend(), Fixtures.Models)).Message,
        StringComparison.Ordinal);

    private static Dictionary<string, ComponentResult> Compare(string file, IBackend backend) =>
        ComponentFixture.Compare(Fixtures.Component(file), file, backend, Fixtures.Models).ToDictionary(result => result.Id);
}
