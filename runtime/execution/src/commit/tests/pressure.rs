use std::{sync::Arc, time::Duration};

use tokio::sync::oneshot;

use super::{super::queue::*, *};
use crate::testing::memory;

fn job(unit: Unit) -> Job {
    Job { unit, answer: oneshot::channel().0 }
}

#[tokio::test]
async fn who_brings_more_than_may_wait_waits_and_others_do_not() {
    let scene = Scene::new(memory().await).await;
    let (flood, single) = (welcome(&scene, "flood").await, welcome(&scene, "single").await);
    let queue = Arc::new(Queue::new(Mix::Tenants, 2));
    for id in ["e0", "e1"] {
        queue.push(job(direct(&flood, id, "u1"))).await.unwrap();
    }
    let (late, full) = (job(direct(&flood, "e2", "u1")), Arc::clone(&queue));
    let waiting = tokio::spawn(async move { full.push(late).await });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    queue.push(job(direct(&single, "e", "u1"))).await.unwrap();

    assert_eq!(queue.take().await.unwrap().jobs.len(), 3);
    waiting.await.unwrap().unwrap();
    assert_eq!(queue.take().await.unwrap().jobs.len(), 1);
}

#[tokio::test]
async fn a_tenant_whose_batches_are_being_written_is_left_out_until_one_is_done() {
    let scene = Scene::new(memory().await).await;
    let (a, b) = (welcome(&scene, "a").await, welcome(&scene, "b").await);
    let queue = Queue::new(Mix::OneTenant { batches: 2 }, 1_000);
    for id in ["e0", "e1"] {
        queue.push(job(direct(&a, id, "u1"))).await.unwrap();
        queue.push(job(direct(&b, id, "u1"))).await.unwrap();
    }
    let first = queue.take().await.unwrap();
    assert_eq!((first.jobs.len(), first.tenant.as_ref()), (2, Some(&a.tenant)));
    queue.push(job(direct(&a, "e2", "u1"))).await.unwrap();
    assert_eq!(queue.take().await.unwrap().tenant, Some(b.tenant));
    let second = queue.take().await.unwrap();
    assert_eq!((second.jobs.len(), second.tenant.as_ref()), (1, Some(&a.tenant)));
    queue.push(job(direct(&a, "e3", "u1"))).await.unwrap();
    let nothing = tokio::time::timeout(Duration::from_millis(1), queue.take()).await;
    assert!(nothing.is_err());
    queue.done(first.tenant.as_ref(), first.jobs);
    assert_eq!(queue.take().await.unwrap().jobs.len(), 3);
}

#[tokio::test]
async fn whoever_waits_for_room_hears_that_the_queue_is_closed() {
    let scene = Scene::new(memory().await).await;
    let installed = welcome(&scene, "t").await;
    let queue = Arc::new(Queue::new(Mix::Tenants, 1));
    queue.push(job(direct(&installed, "e0", "u1"))).await.unwrap();
    let (late, full) = (job(direct(&installed, "e1", "u1")), Arc::clone(&queue));
    let waiting = tokio::spawn(async move { full.push(late).await });
    tokio::task::yield_now().await;
    queue.close();
    assert_eq!(waiting.await.unwrap(), Err(CommitError::Closed));
    assert_eq!(queue.take().await.unwrap().jobs.len(), 1, "what waits is written");
    assert!(queue.take().await.is_none());
}
