using Fovea.Cli.Commands;

namespace Fovea.Cli.Tests;

public class PlansTests
{
    private static readonly string[] s_tiny = ["plans", "resnet20", "cifar_densenet", "--image-size", "32", "--batch", "2", "--json"];

    [Fact]
    public void Plans_are_counted_model_by_model_without_slow_primitives()
    {
        var models = Shell.Run(s_tiny).Json.GetProperty("models").EnumerateArray().ToList();
        Assert.Equal(["resnet20", "cifar_densenet"], models.Select(model => model.GetProperty("model").GetString()));
        Assert.All(models, model => Assert.Equal(0, model.GetProperty("slow").GetInt32()));
        Assert.All(models, model => Assert.InRange(model.GetProperty("products").GetInt32(), 1, model.GetProperty("steps").GetInt32() - 1));
        Assert.All(models, model => Assert.InRange(model.GetProperty("reorder_bytes").GetInt64(), 0, model.GetProperty("bytes").GetInt64()));
        Assert.True(models[1].GetProperty("copies").GetInt32() > 0);
        Assert.All(models, model => Assert.False(model.TryGetProperty("ms", out _)));
    }

    [Fact]
    public void Profile_adds_times_of_which_products_are_a_part()
    {
        var model = Shell.Run([.. s_tiny, "--infer", "--profile"]).Json.GetProperty("models")[0];
        Assert.InRange(model.GetProperty("product_ms").GetDouble(), 0, model.GetProperty("ms").GetDouble());
        Assert.True(model.GetProperty("ms").GetDouble() > 0);
        var kinds = model.GetProperty("kinds").EnumerateArray().ToDictionary(kind => kind.GetProperty("kind").GetString()!);
        Assert.Equal(model.GetProperty("steps").GetInt32(), kinds.Values.Sum(kind => kind.GetProperty("steps").GetInt32()));
        Assert.Equal(model.GetProperty("ms").GetDouble(), kinds.Values.Sum(kind => kind.GetProperty("ms").GetDouble()), 1e-9);
        Assert.Equal(model.GetProperty("product_ms").GetDouble(), kinds["products"].GetProperty("ms").GetDouble());
    }

    /// <summary>A free form has no blocks of its own: it stopped a run over the whole catalogue.</summary>
    [Fact]
    public void Without_names_every_model_is_taken_but_free_forms()
    {
        Assert.Equal(Models.ModelCatalog.All.Where(row => !row.IsFreeForm).Select(row => row.Name), PlansCommand.Default);
        Assert.DoesNotContain("repvgg", PlansCommand.Default);
        string[] free = ["plans", "repvgg", "--num-blocks", "1,1,1,1", "--width-multiplier", "0.25,0.25,0.25,0.25", "--image-size", "32", "--json"];
        Assert.Equal(0, Shell.Run(free).Json.GetProperty("models")[0].GetProperty("slow").GetInt32());
    }

    [Fact]
    public void A_model_that_is_not_there_gets_the_nearest() => Shell.Fails(
        2, $"there is no model 'resnet19'; did you mean 'resnet18'? ('fovea models' lists all {Models.ModelCatalog.All.Count})", "plans", "resnet19");
}
