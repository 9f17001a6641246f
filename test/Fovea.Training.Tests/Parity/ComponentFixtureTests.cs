using Fovea.Execution;
using Fovea.Formats;
using Fovea.Training.Parity;
using Fovea.Training.Tests.Steps;

namespace Fovea.Training.Tests.Parity;

/// <summary>Losses, in float32 on every backend, and schedules against the float64 numbers of their public implementations.</summary>
public class ComponentFixtureTests
{
    private static readonly Dictionary<string, ComponentResult> s_schedules = Compare("schedules.json", new ReferenceBackend());
    private static readonly Dictionary<string, Dictionary<string, ComponentResult>> s_losses =
        UpdateProblem.Backends.ToDictionary(backend => backend.Key, backend => Compare("losses.json", backend.Value));

    public static TheoryData<string> Schedules => [.. s_schedules.Keys];

    public static TheoryData<string, string> Losses => new MatrixTheoryData<string, string>(s_losses.Keys, s_losses.Values.First().Keys);

    [Theory]
    [MemberData(nameof(Schedules))]
    [Trait("row", "S1-02")]
    [Trait("row", "S4-05")]
    [Trait("row", "S0-13")]
    public void A_schedule_has_the_rates_of_its_public_implementation(string id) => Assert.Null(s_schedules[id].Failure);

    [Theory]
    [MemberData(nameof(Losses))]
    [Trait("row", "S0-11")]
    [Trait("row", "S2-06")]
    public void A_loss_and_its_gradient_are_those_of_its_public_implementation(string backend, string id) => Assert.Null(s_losses[backend][id].Failure);

    [Fact]
    public void Every_case_of_the_fixtures_is_compared()
    {
        Assert.Equal(18, s_schedules.Count);
        Assert.All(s_losses.Values, losses => Assert.Equal(27, losses.Count));
        Assert.All(s_losses.Values, losses => Assert.Contains("eqlv2#2", losses.Keys));
    }

    [Theory]
    [InlineData("schedules.json", "0.0975530705", "0.0975530805", "cosine_warmup_timm", "the rate at 5 is 0.09755307")]
    [InlineData("losses.json", "3.20588497", "3.20688497", "cross_entropy", "the loss is 3.205884")]
    [InlineData("losses.json", "0.0143704049", "0.0143904049", "cross_entropy", "element 0 of the gradient is 0.014370")]
    [InlineData("losses.json", "0.505311683", "0.505411683", "eqlv2", "step 1: ratio_after[0] is 0.50531")]
    [InlineData("losses.json", "\"kd\"", "\"dkd\"", "dkd", "there is no loss of the name 'dkd'")]
    public void A_number_that_differs_is_told(string file, string text, string other, string id, string failure)
    {
        var json = Fixtures.Component(file);
        Assert.Contains(text, json, StringComparison.Ordinal);
        var results = ComponentFixture.Compare(json.Replace(text, other, StringComparison.Ordinal), file, new ReferenceBackend());
        Assert.StartsWith(failure, results.Single(result => result.Id == id).Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", "x.json: no fixture of losses or schedules: ")]
    [InlineData("{}", "x.json: no fixture of losses or schedules: ")]
    [InlineData("{\"cases\": [{\"name\": \"step\", \"params\": {}, \"lr\": [0.1]}]}", "x.json: no fixture of losses or schedules: ")]
    public void A_file_that_is_no_fixture_is_refused_by_name(string json, string problem) => Assert.StartsWith(
        problem, Assert.Throws<ModelFormatException>(() => ComponentFixture.Compare(json, "x.json", new ReferenceBackend())).Message, StringComparison.Ordinal);

    private static Dictionary<string, ComponentResult> Compare(string file, IBackend backend) =>
        ComponentFixture.Compare(Fixtures.Component(file), file, backend).ToDictionary(result => result.Id);
}
